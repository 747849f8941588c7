// Installing the app. Browsers that can do it say so with an event, which is kept until somebody wants it.

import { useSyncExternalStore } from 'react';

interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
}

let offer: InstallEvent | null = null;
const listeners = new Set<() => void>();

function set(next: InstallEvent | null): void {
  offer = next;
  listeners.forEach((listener) => listener());
}

window.addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  if ('prompt' in event) set(event as InstallEvent);
});
window.addEventListener('appinstalled', () => set(null));

/** Asks the browser to install the app; null where it cannot be, or is already. */
export function useInstall(): (() => void) | null {
  const present = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => offer,
  );
  if (!present) return null;
  return () => {
    // An offer can be taken up once.
    set(null);
    void present.prompt();
  };
}
