// What has been read, and where the "new" line stands. The line stays where it was while one looks; it moves when
// something new comes while nobody looks, or below what is on the screen.

import { useCallback, useEffect, useRef, useState } from 'react';
import { actions, type TimelineView } from '@/sync';
import type { Row } from './rows';

interface Read {
  conversationId: string;
  /** How far one had read when the conversation was opened. */
  readTo: number;
  unread: number;
  /** Nothing is marked for those who only look in. */
  member: boolean;
}

export interface Reading {
  /** Where the line stands: after this seq. */
  readonly newAfter: number | null;
  /** Marks what is on the screen as read. */
  readonly seen: (view: TimelineView, rows: readonly Row[], last: number, atNewest: boolean) => void;
}

export function useReading(read: Read, watching: boolean): Reading {
  const { conversationId, readTo, unread, member } = read;
  const marked = useRef(readTo);
  const before = useRef(unread);
  const [newAfter, setNewAfter] = useState(unread > 0 ? readTo : null);

  useEffect(() => {
    // The first unread one after there was none: the line goes there, unless it was read in the same moment.
    if (before.current === 0 && unread > 0 && !watching) setNewAfter(Math.max(readTo, marked.current));
    before.current = unread;
  }, [unread, readTo, watching]);

  const seen = useCallback(
    (view: TimelineView, rows: readonly Row[], last: number, atNewest: boolean) => {
      if (!member) return;
      const row = rows.slice(0, last + 1).findLast((shown) => shown.kind === 'message');
      // At the end, replies and whatever else has no row here is read as well.
      const seq = atNewest ? view.messages.at(-1)?.seq : row?.kind === 'message' ? row.message.seq : undefined;
      if (seq === undefined || seq <= marked.current) return;
      marked.current = seq;
      actions.markRead(conversationId, seq);
    },
    [conversationId, member],
  );

  return { newAfter, seen };
}
