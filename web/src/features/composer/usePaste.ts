// What is pasted into the composer. Turning formatted text into marks is loaded with the first such text.

import { useCallback, type ClipboardEvent } from 'react';
import { apply, inFence, insert, isAddress, isLarge, link, selectionOf } from './edit';
import { filesIn, hasFiles } from './useFiles';

/** What has none of these says the same as its plain text. */
const FORMATTED = /<(?:a|b|strong|i|em|del|s|code|pre|ul|ol|blockquote|h[1-3])\b/i;

interface Taking {
  take: (files: File[]) => void;
  /** Nothing is sent until this is done. */
  hold: (work: Promise<void>) => void;
}

export function usePaste(
  editing: boolean,
  { take, hold }: Taking,
): (event: ClipboardEvent<HTMLTextAreaElement>) => void {
  return useCallback(
    (event) => {
      const data = event.clipboardData;
      const area = event.currentTarget;
      const text = data.getData('text/plain');
      if (hasFiles(data) && !text) {
        event.preventDefault();
        if (!editing) take(filesIn(data));
        return;
      }
      const selection = selectionOf(area);
      // Code stays as it is.
      const code = inFence(selection.text, selection.start);
      const chosen = selection.text.slice(selection.start, selection.end);
      if (!code && isAddress(text) && chosen.trim() && !isAddress(chosen) && !chosen.includes('\n')) {
        event.preventDefault();
        apply(area, link(selection, text.trim()));
        return;
      }
      const html = code || isAddress(text) ? '' : data.getData('text/html');
      if (FORMATTED.test(html)) {
        event.preventDefault();
        hold(placeMarked(area, html, text));
      } else if (isLarge(text)) {
        event.preventDefault();
        place(area, text);
      }
    },
    [editing, take, hold],
  );
}

async function placeMarked(area: HTMLTextAreaElement, html: string, text: string): Promise<void> {
  // Out of reach, it is pasted as plain text.
  const { markdownOf } = await import('./paste').catch(() => ({ markdownOf: () => null }));
  // By now somebody may have gone elsewhere.
  if (area.isConnected) place(area, markdownOf(html) ?? text);
}

function place(area: HTMLTextAreaElement, text: string): void {
  apply(area, insert(selectionOf(area), text.replace(/\r\n?/gu, '\n')));
}
