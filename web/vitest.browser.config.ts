// Tests with the real server, and most of them in a real browser. Each file starts its own; two at a time keep a small
// machine busy without making anything wait for long.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  test: {
    include: ['tests/**/*.test.ts'],
    maxWorkers: 2,
    // Longer than anything that works takes, on the busiest machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
