// What was erased with an account. It is shown when nobody is signed in any more, so it outlives the pages.

import { useSyncExternalStore } from 'react';
import type { DeletionReport } from '@/protocol.gen';

let report: DeletionReport | null = null;
const listeners = new Set<() => void>();

export function setFarewell(next: DeletionReport | null): void {
  report = next;
  listeners.forEach((listener) => listener());
}

export function useFarewell(): DeletionReport | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => report,
  );
}
