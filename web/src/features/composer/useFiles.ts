// Files that are chosen, dropped or pasted. What takes them is loaded with the first.

import { useCallback, useState } from 'react';
import { complain } from '@/ui';

export function hasFiles(data: DataTransfer | null): boolean {
  return data !== null && Array.from(data.types).includes('Files');
}

/** The files of what was dropped or pasted. A folder looks like one, and is none. */
export function filesIn(data: DataTransfer): File[] {
  return Array.from(data.items).flatMap((item) => {
    if (item.kind !== 'file' || item.webkitGetAsEntry()?.isDirectory) return [];
    return item.getAsFile() ?? [];
  });
}

/**
 * Takes files into the composer with this draft key, where `there` wait already. While they are looked at, which takes a
 * moment, the message must not leave without them.
 */
export function useTaking(key: string, there: number) {
  const [held, setHeld] = useState(0);
  const hold = useCallback((work: Promise<void>) => {
    setHeld((now) => now + 1);
    void work.catch(complain).finally(() => setHeld((now) => now - 1));
  }, []);
  const take = useCallback(
    (files: readonly File[]) => {
      if (files.length > 0) hold(import('./files/take').then(async ({ take }) => await take(key, files, there)));
    },
    [key, there, hold],
  );
  return { take, hold, taking: held > 0 };
}
