// Which name is being typed, and what becomes of the choice.

import { useCallback, useRef, useState, type RefObject } from 'react';
import { apply } from './edit';
import type { ListState, SuggestionsHandle } from './Suggestions';
import { triggerAt, type Trigger } from './trigger';

export function useCompletion(area: RefObject<HTMLTextAreaElement | null>) {
  const [trigger, setTrigger] = useState<Trigger | null>(null);
  const [list, setList] = useState<ListState | null>(null);
  const popup = useRef<SuggestionsHandle>(null);
  /** Where a list was sent away: it stays away for that name. */
  const dismissed = useRef(-1);

  const look = useCallback(() => {
    const { current } = area;
    if (!current) return;
    const caret = current.selectionStart;
    const found = caret === current.selectionEnd ? triggerAt(current.value, caret) : null;
    if (!found) dismissed.current = -1;
    const next = found && found.from !== dismissed.current ? found : null;
    setTrigger((now) => (same(now, next) ? now : next));
  }, [area]);

  const dismiss = useCallback(({ from }: Trigger) => {
    dismissed.current = from;
    setTrigger(null);
  }, []);

  const hide = useCallback(() => setTrigger(null), []);

  const pick = useCallback(
    ({ from }: Trigger, by: string) => {
      const { current } = area;
      if (!current) return;
      const to = current.selectionStart;
      const spaced = current.value[to] === ' ' && by.endsWith(' ') ? by.slice(0, -1) : by;
      const end = from + spaced.length;
      apply(current, { from, to, by: spaced, start: end, end });
      setTrigger(null);
    },
    [area],
  );

  return { trigger, list, setList, popup, look, dismiss, hide, pick };
}

function same(a: Trigger | null, b: Trigger | null): boolean {
  return a === b || (a?.kind === b?.kind && a?.query === b?.query && a?.from === b?.from);
}
