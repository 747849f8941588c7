// The first moments belong to what one reads and writes; what nobody needs in them waits until they are over.

import { useSyncExternalStore } from 'react';

/** Milliseconds after the first page began to be drawn. */
const MOMENT = 1_500;

let over = false;
let timer: ReturnType<typeof setTimeout> | null = null;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setTimeout(() => {
    over = true;
    listeners.forEach((each) => each());
  }, MOMENT);
  return () => listeners.delete(listener);
}

/** True from then on. */
export function useLater(): boolean {
  return useSyncExternalStore(subscribe, () => over);
}
