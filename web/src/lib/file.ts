// Files as the server has them, and where their content is. A browser puts no token into the address of a picture, so it
// sends a cookie with it, which sync asks for; until it is there, and after it was refused, nothing is asked for.

import { useSyncExternalStore } from 'react';
import type { File, FileVariant } from '@/protocol.gen';

/** A file as the server has it: `File` is what browsers call those of their own. */
export type StoredFile = File;

/** Counts how often this browser was admitted; 0 is not yet. */
let admissions = 0;
const listeners = new Set<() => void>();

/** This browser may fetch files from now on, or may do so again. */
export function admit(): void {
  admissions += 1;
  listeners.forEach((listener) => listener());
}

/** Another number each time that what failed may be tried again; 0 while nothing may be asked for. */
export function useAdmission(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => admissions,
  );
}

export function fileAddress(id: string, part: FileVariant | 'content'): string {
  return `/api/v1/files/${id}/${part}`;
}
