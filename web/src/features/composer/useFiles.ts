// Files that are chosen, dropped or pasted. What takes them is loaded with the first; a file that is dropped beside every
// composer must not be opened by the browser in the place of the chat.

import { useCallback, useEffect, useState, type RefObject } from 'react';
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
  const [taking, setTaking] = useState(0);
  const take = useCallback(
    async (files: readonly File[]) => {
      if (files.length === 0) return;
      setTaking((now) => now + 1);
      try {
        const { take } = await import('./files/take');
        await take(key, files, there);
      } catch (problem) {
        complain(problem);
      } finally {
        setTaking((now) => now - 1);
      }
    },
    [key, there],
  );
  return { take: useCallback((files: readonly File[]) => void take(files), [take]), taking: taking > 0 };
}

/** Whether the composer at `box` is the one for what is dropped here: the nearest, or else the first. */
function isFor(box: HTMLElement | null, target: EventTarget | null): boolean {
  for (let around = target instanceof Element ? target : null; around; around = around.parentElement) {
    const nearest = around.querySelector('[data-composer]');
    if (nearest) return nearest === box;
  }
  return false;
}

/** Whether files are held over the page, to be dropped into this composer. */
export function useDroppedFiles(box: RefObject<HTMLElement | null>, take: ((files: File[]) => void) | null): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const listen = (kind: 'dragover' | 'dragleave' | 'drop', heard: (event: DragEvent) => void) =>
      window.addEventListener(kind, heard, { signal });
    listen('dragover', (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      setOver(take !== null && isFor(box.current, event.target));
    });
    listen('dragleave', (event) => {
      if (event.relatedTarget === null) setOver(false);
    });
    listen('drop', (event) => {
      setOver(false);
      if (!event.dataTransfer || !hasFiles(event.dataTransfer) || event.defaultPrevented) return;
      if (!isFor(box.current, event.target)) return;
      event.preventDefault();
      take?.(filesIn(event.dataTransfer));
    });
    return () => stop.abort();
  }, [box, take]);
  return over;
}
