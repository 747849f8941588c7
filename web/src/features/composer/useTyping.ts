// Tells the others that somebody types, not more often than they need to know.

import { useCallback, useEffect, useRef } from 'react';
import { actions } from '@/sync';

const EVERY = 3000;

export function useTypingSignal(conversationId: string): (on: boolean) => void {
  const told = useRef(0);
  const tell = useCallback(
    (on: boolean) => {
      const now = Date.now();
      if (on ? now - told.current < EVERY : told.current === 0) return;
      told.current = on ? now : 0;
      actions.typing(conversationId, on);
    },
    [conversationId],
  );
  useEffect(() => () => tell(false), [tell]);
  return tell;
}
