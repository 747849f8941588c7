// What is pasted into the composer.

import { useCallback, type ClipboardEvent } from 'react';
import { apply, inFence, insert, isLarge, link, selectionOf } from './edit';
import { isAddress, markdownOf } from './paste';
import { filesIn, hasFiles } from './useFiles';

export function usePaste(take: ((files: File[]) => void) | null): (event: ClipboardEvent<HTMLTextAreaElement>) => void {
  return useCallback(
    (event) => {
      const data = event.clipboardData;
      const area = event.currentTarget;
      const text = data.getData('text/plain');
      if (hasFiles(data) && !text) {
        event.preventDefault();
        take?.(filesIn(data));
        return;
      }
      const selection = selectionOf(area);
      // Code stays as it is.
      if (inFence(selection.text, selection.start)) {
        if (isLarge(text)) place(event, text);
        return;
      }
      const chosen = selection.text.slice(selection.start, selection.end);
      if (isAddress(text) && chosen.trim() && !isAddress(chosen) && !chosen.includes('\n')) {
        event.preventDefault();
        apply(area, link(selection, text.trim()));
        return;
      }
      const html = data.getData('text/html');
      const marked = html && !isAddress(text) ? markdownOf(html) : null;
      if (marked || isLarge(text)) place(event, marked ?? text);
    },
    [take],
  );
}

function place(event: ClipboardEvent<HTMLTextAreaElement>, text: string): void {
  event.preventDefault();
  const area = event.currentTarget;
  apply(area, insert(selectionOf(area), text.replace(/\r\n?/gu, '\n')));
}
