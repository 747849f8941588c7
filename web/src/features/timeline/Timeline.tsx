// The messages of a conversation, as many as there are: a list that holds only the rows near the window, opens where
// reading stopped, and keeps the place whatever is loaded, grows or shrinks. What a row looks like is not decided here.

import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/text';
import type { Message } from '@/protocol.gen';
import { usePending, type Pending, type TimelineView } from '@/sync';
import { Loading, Spinner } from '@/ui';
import { Announcer } from './Announcer';
import { JumpButtons } from './JumpButtons';
import { DayLine, FloatingDay, NewLine } from './Lines';
import { rowsOf, type Row } from './rows';
import { useAttention } from './useAttention';
import { usePlace, type Goal } from './usePlace';
import { useReading } from './useReading';
import { useRoving } from './useRoving';
import { useSteadyRows } from './useSteadyRows';
import { useTrail } from './useTrail';
import styles from './Timeline.module.css';

/** So many pixels are kept ready beyond each edge of the window. */
const BUFFER = 800;

export interface Around {
  readonly grouped: boolean;
  readonly highlighted: boolean;
  readonly newestOwn: boolean;
}

export interface TimelineProps {
  conversationId: string;
  me: string;
  view: TimelineView;
  /** A message to go to, from the address. */
  at: number | null;
  readTo: number;
  unread: number;
  member: boolean;
  /** What stands before the first message. */
  beginning: ReactNode;
  renderMessage: (message: Message, around: Around) => ReactNode;
  renderPending: (pending: Pending, grouped: boolean) => ReactNode;
}

export function Timeline(props: TimelineProps) {
  // Where to begin is known only with the first messages; until then there is nothing to place.
  return props.view.loading === 'initial' && props.view.messages.length === 0 ? <Loading /> : <Loaded {...props} />;
}

function Loaded(props: TimelineProps) {
  const { conversationId, me, view, at, readTo, unread, member, beginning, renderMessage, renderPending } = props;
  const t = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const attentive = useAttention();
  const pending = usePending(conversationId, null);
  const [topDay, setTopDay] = useState<number | null>(null);
  const watched = useRef(false);

  const reading = useReading({ conversationId, readTo, unread, member }, watched.current);
  const { newAfter, seen } = reading;
  const rows = useMemo(
    () => rowsOf({ messages: view.messages, pending, me, atStart: view.atStart, atEnd: view.atEnd, newAfter }),
    [view.messages, view.atStart, view.atEnd, pending, me, newAfter],
  );
  const [opening] = useState((): Goal => {
    if (at !== null) return { to: 'seq', seq: at };
    return newAfter === null ? { to: 'newest' } : { to: 'fresh' };
  });
  const atNewest = useRef(opening.to === 'newest');
  const { shown, onScrollEnd } = useSteadyRows(rows, atNewest);

  const onMoved = () => {
    const [first, last] = place.visible();
    const top = shown.rows[first];
    // A row that begins a day says so itself.
    setTopDay(place.atNewest || (top && 'day' in top && top.day !== null) ? null : dayOf(top));
    if (attentive && place.placed) seen(view, shown.rows, last, place.atNewest);
  };
  const place = usePlace({ list, scroller, view, shown, goal: opening, attentive, onMoved });
  const roving = useRoving({ list, scroller, rows: shown.rows, place });
  const trail = useTrail({ at, place, rows: shown.rows });

  useEffect(() => {
    atNewest.current = place.atNewest;
    watched.current = attentive && place.atNewest;
    if (attentive && place.placed) onMoved();
    // Only when somebody comes back to look; scrolling tells of itself.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [attentive, place.atNewest, place.placed]);

  // Whoever sends something wants to see it, wherever in the history they were.
  const sent = pending.at(-1)?.queuedAt ?? 0;
  const known = useRef(sent);
  const { go } = place;
  const { forget } = trail;
  useEffect(() => {
    if (sent <= known.current) return;
    known.current = sent;
    forget();
    go({ to: 'newest' });
  }, [sent, go, forget]);

  const newestOwn = useMemo(() => newestOwnOf(shown.rows, me), [shown.rows, me]);
  const renderRow = useCallback(
    (row: Row) => (
      <div key={row.key} data-row={row.key} className={styles.row}>
        {row.kind === 'start' && (row.begun ? beginning : <Older />)}
        {(row.kind === 'message' || row.kind === 'pending') && (
          <>
            {row.day !== null && <DayLine time={row.day} conversationId={conversationId} />}
            {row.fresh && <NewLine />}
            {row.kind === 'pending'
              ? renderPending(row.pending, row.grouped)
              : renderMessage(row.message, {
                  grouped: row.grouped,
                  highlighted: row.message.seq === trail.highlighted,
                  newestOwn: row.key === newestOwn,
                })}
          </>
        )}
        {row.kind === 'end' && <div className={styles.end} />}
      </div>
    ),
    [beginning, conversationId, renderMessage, renderPending, trail.highlighted, newestOwn],
  );

  return (
    <div className={styles.frame}>
      {!place.placed && <Loading />}
      {topDay !== null && <FloatingDay time={topDay} conversationId={conversationId} />}
      <div
        ref={scroller}
        className={cx(styles.scroller, !place.placed && styles.unplaced)}
        role="log"
        aria-live="off"
        aria-label={t('timeline.messages')}
        aria-busy={view.loading !== null}
        {...roving.props}
      >
        <div className={styles.foot}>
          <Virtualizer
            key={shown.life}
            ref={list}
            scrollRef={scroller}
            data={shown.rows}
            shift={shown.shift}
            bufferSize={BUFFER}
            keepMounted={roving.kept}
            onScroll={place.onScroll}
            onScrollEnd={onScrollEnd}
            onResize={() => {
              place.onResize();
              // The list shows what it has measured a moment later.
              requestAnimationFrame(roving.settle);
            }}
          >
            {renderRow}
          </Virtualizer>
        </div>
      </div>
      <JumpButtons
        away={!place.atNewest}
        unread={unread}
        back={trail.back}
        onNewest={() => {
          trail.forget();
          place.go({ to: 'newest' });
        }}
      />
      <Announcer messages={view.messages} me={me} />
    </div>
  );
}

function Older() {
  return (
    <div className={styles.older}>
      <Spinner />
    </div>
  );
}

function dayOf(row: Row | undefined): number | null {
  if (row?.kind === 'message') return Date.parse(row.message.created_at);
  return row?.kind === 'pending' ? row.pending.queuedAt : null;
}

function newestOwnOf(rows: readonly Row[], me: string): string | null {
  const row = rows.findLast(
    (row) => row.kind === 'message' && row.message.sender_id === me && row.message.type === 'text',
  );
  return row?.key ?? null;
}
