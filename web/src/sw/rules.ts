// What the service worker decides, apart from how it is done.

/** What the server answers itself, besides the files of the app. */
const server = /^\/(api|healthz|readyz|metrics)(\/|$)/;

/** Whether a request is for the app's own files or pages. */
export function handles(method: string, url: URL, origin: string, mode: RequestMode): boolean {
  if (method !== 'GET' || url.origin !== origin || server.test(url.pathname)) return false;
  return mode === 'navigate' || url.pathname.startsWith('/assets/') || /^\/[\w-]+\.(svg|png|js)$/.test(url.pathname);
}

/** Which caches can go: all but the present one and the one before it. `caches.keys()` has them by age. */
export function stale(names: readonly string[], present: string): string[] {
  return names.filter((name) => name !== present).slice(0, -1);
}
