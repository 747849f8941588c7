// The service worker: lets the app start without a connection, and from here instead of from the network.
//
// One cache for each build. The page and every file of the build are put into it before the worker is ready, so a version
// is here whole or not at all. A page is always answered from the worker's own version, so that it fits its files; files
// have their content's hash in their names, so one that is here is right. When a version takes over, the one before it
// stays: tabs that were open go on with its files until they are closed. What is below `/api` is never touched.
//
// It also shows what the server pushes while no tab is looked at, and takes it away when it was read elsewhere.

import { actOf, dataOf, isLookedAt, isRead, pathIn, type Place, type Shown } from './push';
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

async function show(shown: Shown): Promise<void> {
  const tabs = await self.clients.matchAll({ type: 'window' });
  if (isLookedAt(tabs, shown.place)) return;
  const { title, body, tag, icon } = shown;
  await self.registration.showNotification(title, { body, tag, icon, badge: '/icon-192.png', data: dataOf(shown) });
  // An open tab counts by itself; without one, the icon only says that there is something.
  if (tabs.length === 0 && 'setAppBadge' in navigator) await navigator.setAppBadge().catch(() => undefined);
}

async function close(upTo: Place): Promise<void> {
  const all = await self.registration.getNotifications();
  const read = all.filter(({ data }) => isRead(data, upTo));
  read.forEach((notification) => notification.close());
  if (read.length === all.length && (await self.clients.matchAll({ type: 'window' })).length === 0) {
    if ('clearAppBadge' in navigator) await navigator.clearAppBadge().catch(() => undefined);
  }
}

function payloadOf(data: PushMessageData | null): unknown {
  try {
    return data?.json();
  } catch {
    return null;
  }
}

async function take(data: PushMessageData | null): Promise<void> {
  const act = actOf(payloadOf(data));
  await (act.kind === 'close' ? close(act.upTo) : show(act.shown));
}

/** Goes there in a tab that is open, or else in a new one. */
async function lead(path: string): Promise<void> {
  const tabs = await self.clients.matchAll({ type: 'window' });
  const tab = tabs.find(({ visibilityState }) => visibilityState === 'visible') ?? tabs[0];
  if (!tab) {
    await self.clients.openWindow(path);
    return;
  }
  // The empty list is what is handed over with it.
  tab.postMessage({ type: 'go', path }, []);
  // The browser may not allow it; the tab is then where it should be all the same.
  await tab.focus().catch(() => undefined);
}

self.addEventListener('push', (event) => event.waitUntil(take(event.data)));
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(lead(pathIn(event.notification.data)));
});
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
