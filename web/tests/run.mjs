// Runs a TypeScript program of the tests: `node tests/run.mjs tests/bench/main.ts`. Vite, which is here anyway, loads it.

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const [program] = process.argv.slice(2);
const alias = { '@': fileURLToPath(new URL('../src', import.meta.url)) };
const { module } = await runnerImport(resolve(program), { configFile: false, resolve: { alias }, logLevel: 'warn' });
await module.main(process.argv.slice(3));
