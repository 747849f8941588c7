// Files that are dropped. One that is dropped beside every composer must not be opened by the browser in the place of the
// chat.

import { useEffect, useState, type RefObject } from 'react';
import { filesIn, hasFiles } from '../useFiles';

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
