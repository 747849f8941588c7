// The text of a composer that is kept as a draft. What is typed is on the screen at once and in the draft soon; what
// another tab or device typed shows up here unless somebody is typing here as well: then the two are joined.

import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { actions, useDraft } from '@/sync';

const SOON = 400;

type Area = RefObject<HTMLTextAreaElement | null>;

export function useDraftText(key: string, area: Area): readonly [string, (next: string) => void] {
  const draft = useDraft(key);
  const [typed, setTyped] = useState<string | null>(null);
  /** What is not in the draft yet, and the draft that it was made of. */
  const unsaved = useRef<{ text: string; from: string } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** What stood before the caret when the text was handed on. */
  const before = useRef<string | null>(null);
  const text = typed ?? draft;

  const flush = useCallback(() => {
    clearTimeout(timer.current);
    if (unsaved.current === null) return;
    const { text: written, from } = unsaved.current;
    unsaved.current = null;
    before.current = written.slice(0, area.current?.selectionStart ?? 0);
    actions.setDraft(key, written, from);
    setTyped(null);
  }, [key, area]);

  // Whoever goes on typing does so where they were, also when something from elsewhere was joined to it.
  useLayoutEffect(() => {
    const held = before.current;
    before.current = null;
    if (held === null || !text.startsWith(held) || area.current?.selectionStart === held.length) return;
    area.current?.setSelectionRange(held.length, held.length);
  }, [text, area]);

  useEffect(() => {
    window.addEventListener('pagehide', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, [flush]);

  const change = useCallback(
    (next: string) => {
      setTyped(next);
      before.current = null;
      unsaved.current = { text: next, from: unsaved.current?.from ?? draft };
      clearTimeout(timer.current);
      // An empty composer has no draft from that moment: what was sent must not come back.
      if (next === '') flush();
      else timer.current = setTimeout(flush, SOON);
    },
    [flush, draft],
  );

  return [text, change];
}
