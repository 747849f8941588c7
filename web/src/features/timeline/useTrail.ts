// Being led to a message, and back to where one was. The address names the message, so a link and the browser's own
// "back" do the same.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { Row } from './rows';
import type { Goal, Place } from './usePlace';

interface Trailed {
  at: number | null;
  place: Place;
  rows: readonly Row[];
}

export interface Trail {
  /** The seq of the message one was led to. */
  readonly highlighted: number | null;
  /** Goes back to where one was before; null when one has not been led away. */
  readonly back: (() => void) | null;
  readonly forget: () => void;
}

export function useTrail({ at, place, rows }: Trailed): Trail {
  const [from, setFrom] = useState<readonly Goal[]>([]);
  const [highlighted, setHighlighted] = useState(at);
  const last = useRef(at);
  const now = useRef({ place, rows });

  useEffect(() => {
    now.current = { place, rows };
  });

  useEffect(() => {
    if (last.current === at) return;
    last.current = at;
    if (at === null) return;
    const { place, rows } = now.current;
    const [first, end] = place.visible();
    const middle = rows[Math.floor((first + end) / 2)];
    const here: Goal =
      place.atNewest || middle?.kind !== 'message' ? { to: 'newest' } : { to: 'seq', seq: middle.message.seq };
    setFrom((before) => [...before, here]);
    setHighlighted(at);
    place.go({ to: 'seq', seq: at });
  }, [at]);

  const goBack = useCallback(() => {
    const goal = from.at(-1);
    if (!goal) return;
    setFrom(from.slice(0, -1));
    setHighlighted(null);
    now.current.place.go(goal);
  }, [from]);

  const forget = useCallback(() => setFrom([]), []);
  return { highlighted, back: from.length > 0 ? goBack : null, forget };
}
