// The time, second by second, for as long as something is counted down.

import { useCallback, useSyncExternalStore } from 'react';

/** Seconds from now until a time; 0 when it is over. */
export function useSecondsUntil(until: number): number {
  const subscribe = useCallback(
    (listener: () => void) => {
      const timer = setInterval(() => {
        if (until <= Date.now()) clearInterval(timer);
        listener();
      }, 500);
      if (until <= Date.now()) clearInterval(timer);
      return () => clearInterval(timer);
    },
    [until],
  );
  return useSyncExternalStore(subscribe, () => Math.max(0, Math.ceil((until - Date.now()) / 1000)));
}
