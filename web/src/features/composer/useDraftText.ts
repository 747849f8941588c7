// The text of a composer that is kept as a draft. What is typed is on the screen at once and in the draft soon; what
// another tab typed shows up here unless somebody is typing here as well.

import { useCallback, useEffect, useRef, useState } from 'react';
import { actions, useDraft } from '@/sync';

const SOON = 400;

export function useDraftText(key: string): readonly [string, (next: string) => void] {
  const draft = useDraft(key);
  const [text, setText] = useState(draft);
  const [seen, setSeen] = useState(draft);
  const [ahead, setAhead] = useState(false);
  const unsaved = useRef<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  if (draft !== seen) {
    setSeen(draft);
    if (!ahead) setText(draft);
  }

  const flush = useCallback(() => {
    clearTimeout(timer.current);
    if (unsaved.current === null) return;
    actions.setDraft(key, unsaved.current);
    unsaved.current = null;
    setAhead(false);
  }, [key]);

  useEffect(() => {
    window.addEventListener('pagehide', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, [flush]);

  const change = useCallback(
    (next: string) => {
      setText(next);
      setAhead(true);
      unsaved.current = next;
      clearTimeout(timer.current);
      // An empty composer has no draft from that moment: what was sent must not come back.
      if (next === '') flush();
      else timer.current = setTimeout(flush, SOON);
    },
    [flush],
  );

  return [text, change];
}
