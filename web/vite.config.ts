// Builds the client that the server binary carries. Everything is served from the server's own origin.
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { serviceWorker } from './service-worker.plugin.ts';
import { compress } from './compress.ts';

export default defineConfig({
  plugins: [react(), serviceWorker(), compress()],
  resolve: {
    alias: [
      { find: '@', replacement: fileURLToPath(new URL('./src', import.meta.url)) },
      // The router brings a copy of what React has had itself for long.
      { find: /^use-sync-external-store\/shim(?:\/index\.js)?$/, replacement: 'react' },
    ],
  },
  build: {
    target: 'es2022',
    // Nothing is inlined as a data: URL, because the Content-Security-Policy allows only what the server serves.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {},
  },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8080', ws: true } } },
});
