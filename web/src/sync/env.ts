// What sync needs of the browser, in one place, so that a test can run several tabs in one process and take things away.

/** A tab's wake-ups: the network came or went, the page was shown or hidden, or is put away (for good, or kept frozen). */
export type Wake = 'online' | 'offline' | 'visible' | 'hidden' | 'away' | 'back';

export interface Env {
  /** The server's origin, without a slash at the end. */
  readonly origin: string;
  readonly fetch: typeof fetch;
  readonly socket: (url: string) => WebSocket;
  /** Whether there is an IndexedDB to try. */
  readonly stored: boolean;
  /** Where a short note is kept at once. Missing where the browser keeps nothing. */
  readonly notes: Storage | null;
  /** Missing outside of secure contexts. */
  readonly locks: Pick<LockManager, 'request'> | null;
  readonly channel: (name: string) => BroadcastChannel | null;
  readonly online: () => boolean;
  readonly visible: () => boolean;
  readonly listen: (heard: (wake: Wake) => void) => () => void;
  readonly random: () => number;
  readonly now: () => number;
}

export function browserEnv(): Env {
  return {
    origin: location.origin,
    fetch: (input, init) => fetch(input, init),
    socket: (url) => new WebSocket(url),
    stored: typeof indexedDB !== 'undefined',
    notes: browserNotes(),
    locks: typeof navigator.locks === 'undefined' ? null : navigator.locks,
    channel: (name) => (typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(name)),
    online: () => navigator.onLine,
    visible: () => document.visibilityState === 'visible',
    listen: (heard) => {
      const stop = new AbortController();
      const { signal } = stop;
      window.addEventListener('online', () => heard('online'), { signal });
      window.addEventListener('offline', () => heard('offline'), { signal });
      window.addEventListener('pagehide', () => heard('away'), { signal });
      window.addEventListener('pageshow', (event) => event.persisted && heard('back'), { signal });
      const shown = () => heard(document.visibilityState === 'visible' ? 'visible' : 'hidden');
      document.addEventListener('visibilitychange', shown, { signal });
      return () => stop.abort();
    },
    random: () => Math.random(),
    now: () => Date.now(),
  };
}

/** A browser that is told to keep nothing throws when it is only asked for its storage. */
function browserNotes(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
