// Builds the client that the server binary carries. Everything is served from the server's own origin.
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { serviceWorker } from './service-worker.plugin.ts';
import { compress } from './compress.ts';

/** Those of the first page. What one of them is missing from would load all others with it. */
const icons = [
  'archive|archive-arrow-up|arrow-down|arrow-left|ban|bell-off|bot|case-sensitive|check|check-check|chevron-down',
  'chevron-right|clock-3|cloud-off|corner-up-left|corner-up-right|ellipsis-vertical|face-slightly-smiling',
  'face-slightly-smiling-plus|hash|lock|log-in|log-out|messages-square|mic|notebook-pen|pen-line|pencil|pin|plus|reply',
  'search|send-horizontal|settings|shield|sparkles|timer|user-minus|user-plus|users|volume-2|volume-x|x',
].join('|');
const shared = [
  /\/node_modules\/(?:react|react-dom|scheduler)\//,
  new RegExp(`/lucide-react/dist/esm/(?:createLucideIcon|icons/(?:${icons}))\\.`),
  /\/src\/lib\/(?:catalogue|composing|cx|file|late|permissions|presence|text)\.ts$/,
  /\/src\/sync\/(?:refusal|link\/backoff|storage\/open)\.ts$/,
  /\/src\/ui\/(?:Spinner|StatusLine|emoji\/(?:EmojiButton|names|recent))\.tsx?$/,
];
const base = (id: string) => shared.some((part) => part.test(id));

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
    // What the entry and an open conversation share with later pages would come in some twenty files of a few hundred
    // bytes; together they compress far better. What later pages share among each other is put together for the same
    // reason, and because whoever loads a page names all files that it needs.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'base', test: base, priority: 2 },
            { name: 'icons', test: /\/node_modules\/lucide-react\//, minShareCount: 2, priority: 1 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8080', ws: true } } },
});
