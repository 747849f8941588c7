// The first moments belong to what one reads and writes; what nobody needs in them waits until they are over.

import { useEffect, useState, useSyncExternalStore } from 'react';

/** Milliseconds after the first page began to be drawn. */
const MOMENT = 1_500;

/** Milliseconds until something that could not be loaded is tried again. */
const AGAIN = 10_000;

let isOver = false;
let timer: ReturnType<typeof setTimeout> | null = null;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setTimeout(() => {
    isOver = true;
    listeners.forEach((each) => each());
  }, MOMENT);
  return () => listeners.delete(listener);
}

/** True from then on. */
function useOver(): boolean {
  return useSyncExternalStore(subscribe, () => isOver);
}

/**
 * Loads a part of the page when the first moments are over; true when it is there. Until then the page does without,
 * also where there is no connection to load it by. `load` must always be the same.
 */
export function usePrepared(load: () => Promise<unknown>): boolean {
  const over = useOver();
  const [ready, setReady] = useState(false);
  useEffect(() => {
    if (!over) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const attempt = () => {
      load().then(
        () => gone || setReady(true),
        () => {
          if (!gone) timer = setTimeout(attempt, AGAIN);
        },
      );
    };
    attempt();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [over, load]);
  return ready;
}
