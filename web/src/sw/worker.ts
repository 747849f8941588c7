// The service worker: lets the app start without a connection, and from here instead of from the network.
//
// One cache for each build. The page and every file of the build are put into it before the worker is ready, so a version
// is here whole or not at all. A page is always answered from the worker's own version, so that it fits its files; files
// have their content's hash in their names, so one that is here is right. When a version takes over, the one before it
// stays: tabs that were open go on with its files until they are closed. What is below `/api` is never touched.

import { handles, stale } from './rules';

declare const self: ServiceWorkerGlobalScope;
/** Filled in by the build. */
declare const BUILD: { readonly version: string; readonly files: readonly string[] };

const PREFIX = 'laserchat-';
const present = PREFIX + BUILD.version;

async function install(): Promise<void> {
  const cache = await caches.open(present);
  // Hashed files that an earlier version has fetched need not travel again.
  await Promise.all(
    BUILD.files.map(async (file) => {
      const known = file.startsWith('/assets/') ? await caches.match(file) : undefined;
      if (known) await cache.put(file, known);
      else await cache.add(new Request(file, { cache: 'reload' }));
    }),
  );
}

async function activate(): Promise<void> {
  const ours = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  await Promise.all(stale(ours, present).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(present);
  const wanted = request.mode === 'navigate' ? '/' : request;
  return (await cache.match(wanted)) ?? (await caches.match(wanted)) ?? fetch(request);
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (handles(request.method, new URL(request.url), self.location.origin, request.mode)) {
    event.respondWith(answer(request));
  }
});
// Somebody has said in a tab that they want the new version.
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting();
});
