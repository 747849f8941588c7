// Where the reader is, and how to get elsewhere: holds on to the newest message while the reader is there, goes where it
// is asked to once the messages are loaded, and asks for more before an edge is reached.

import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { TimelineView } from '@/sync';
import { hasArrived } from './arrival';
import { placeOf, type Row } from './rows';
import type { Step } from './steps';

/** Where to go: the newest message, the "new" line, or a message by its seq. */
export type Goal = { readonly to: 'newest' } | { readonly to: 'fresh' } | { readonly to: 'seq'; readonly seq: number };

/** Nearer to the end than this is at the end. */
const NEAR = 32;
/** More is loaded when less than so many heights of the window are left. */
const AHEAD = 2.5;
/** So long the list may measure what is around the goal before anything is added to it. */
const SETTLE = 300;
/** So often it is led back to the goal; a row that cannot be shown is given up then. */
const TRIES = 20;
/** The "new" line stands free of the upper edge and of the day that floats there. */
const MARGIN = 40;

export interface Place {
  /** At the newest message, to which the view then holds on. */
  readonly atNewest: boolean;
  /** The rows that are on the screen, by index. */
  readonly visible: () => readonly [first: number, last: number];
  readonly go: (goal: Goal) => void;
  /** To be called when the list has scrolled or something in it has changed its height. */
  readonly onScroll: () => void;
  readonly onResize: () => void;
  /** Where one began to be shown was reached; until then there is nothing to see. */
  readonly placed: boolean;
}

interface Placed {
  list: RefObject<VirtualizerHandle | null>;
  scroller: RefObject<HTMLElement | null>;
  view: TimelineView;
  shown: Step;
  goal: Goal;
  /** Somebody is looking: otherwise what is new is not scrolled past. */
  attentive: boolean;
  onMoved: () => void;
}

export function usePlace({ list, scroller, view, shown, goal, attentive, onMoved }: Placed): Place {
  const wanted = useRef<Goal | null>(goal);
  const settling = useRef(0);
  // Where one was led to, until it stays there or the reader moves on.
  const held = useRef<Exclude<Goal, { to: 'newest' }> | null>(null);
  const [placed, setPlaced] = useState(false);
  const stuck = useRef(goal.to === 'newest');
  const [atNewest, setAtNewest] = useState(goal.to === 'newest');
  // What callbacks of the list see, which it may call at any time.
  const now = useRef({ view, shown, attentive, onMoved });
  useLayoutEffect(() => {
    now.current = { view, shown, attentive, onMoved };
  });

  const stick = useCallback((on: boolean) => {
    stuck.current = on;
    setAtNewest(on);
  }, []);

  const toEnd = useCallback(() => {
    const handle = list.current;
    if (!handle) return;
    const { rows } = now.current.shown;
    const fresh = now.current.attentive ? -1 : rows.findIndex(isFresh);
    // Nobody is looking: what is new stays in sight, and waits.
    if (fresh >= 0 && handle.getItemOffset(fresh) < handle.scrollSize - handle.viewportSize) {
      handle.scrollToIndex(fresh, { align: 'start', offset: -MARGIN });
    } else handle.scrollToIndex(rows.length - 1, { align: 'end' });
  }, [list]);

  const loadEdges = useCallback(() => {
    const handle = list.current;
    const { view } = now.current;
    if (!handle || view.messages.length === 0 || view.loading || view.problem || wanted.current || settling.current)
      return;
    const ahead = handle.viewportSize * AHEAD;
    const below = handle.scrollSize - handle.scrollOffset - handle.viewportSize;
    if (!view.atStart && handle.scrollOffset < ahead) view.loadOlder();
    else if (!view.atEnd && below < ahead) view.loadNewer();
  }, [list]);

  /** Sticks to the newest message if that is on the screen; asked where nothing need have scrolled. */
  const look = useCallback(() => {
    const frame = scroller.current;
    if (!stuck.current && !held.current && frame && isAtEnd(now.current.view, frame)) stick(true);
  }, [scroller, stick]);

  /** Scrolls to what is held. Returns false as long as it is not there. */
  const hold = useCallback((): boolean => {
    const [handle, frame, aim] = [list.current, scroller.current, held.current];
    if (!handle || !frame || !aim) return true;
    const { rows } = now.current.shown;
    const index = aim.to === 'seq' ? placeOf(rows, aim.seq) : rows.findIndex(isFresh);
    const row = rows[index];
    if (!row || hasArrived(frame, row.key, aim.to === 'seq' ? 'middle' : MARGIN)) return true;
    if (aim.to === 'seq') handle.scrollToIndex(index, { align: 'center' });
    else handle.scrollToIndex(index, { align: 'start', offset: -MARGIN });
    return false;
  }, [list, scroller]);

  /** Once the list has measured what is around the goal, and the goal has stayed where it should be. */
  const settle = useCallback(() => {
    let tries = TRIES;
    const check = () => {
      tries -= 1;
      if (!hold() && tries > 0) {
        settling.current = window.setTimeout(check, SETTLE);
        return;
      }
      settling.current = 0;
      held.current = null;
      look();
      loadEdges();
      now.current.onMoved();
    };
    window.clearTimeout(settling.current);
    settling.current = window.setTimeout(check, SETTLE);
  }, [hold, look, loadEdges]);

  /** Goes where it is wanted, if that is loaded. */
  const arrive = useCallback(() => {
    const { view, shown } = now.current;
    const aim = wanted.current;
    if (!list.current || !aim || !holds(view, shown.rows, aim)) return;
    wanted.current = null;
    if (aim.to === 'seq' || (aim.to === 'fresh' && shown.rows.some(isFresh))) {
      held.current = aim;
      stick(false);
      hold();
    } else {
      held.current = null;
      stick(true);
      toEnd();
    }
    setPlaced(true);
    settle();
  }, [list, stick, toEnd, hold, settle]);

  // Whoever moves by themselves is not led back.
  useEffect(() => {
    const frame = scroller.current;
    const release = () => {
      held.current = null;
    };
    for (const kind of moves) frame?.addEventListener(kind, release, { passive: true });
    return () => {
      for (const kind of moves) frame?.removeEventListener(kind, release);
    };
  }, [scroller]);

  const visible = useCallback((): readonly [number, number] => {
    const handle = list.current;
    if (!handle) return [0, -1];
    const { scrollOffset, viewportSize } = handle;
    return [handle.findItemIndex(scrollOffset), handle.findItemIndex(scrollOffset + viewportSize - 1)];
  }, [list]);

  const onScroll = useCallback(() => {
    const handle = list.current;
    if (!handle || wanted.current) return;
    const frame = scroller.current;
    if (!frame) return;
    const there = isAtEnd(now.current.view, frame);
    if (there !== stuck.current && !held.current) stick(there);
    loadEdges();
    now.current.onMoved();
  }, [list, scroller, loadEdges, stick]);

  const onResize = useCallback(() => {
    if (wanted.current) return;
    if (held.current) hold();
    else if (stuck.current) toEnd();
    else look();
    loadEdges();
    now.current.onMoved();
  }, [hold, look, loadEdges, toEnd]);

  // React may take a component apart and put it together again, and the list begins anew then.
  const begin = useRef(goal);
  useLayoutEffect(
    () => () => {
      wanted.current = begin.current;
      held.current = null;
      window.clearTimeout(settling.current);
      settling.current = 0;
    },
    [],
  );

  // After the rows have changed, and before they are painted.
  useLayoutEffect(() => {
    if (wanted.current) arrive();
    else if (held.current) hold();
    else if (stuck.current) toEnd();
    // The rows are the reason, though they are read through a ref.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [shown, view.atEnd, arrive, hold, toEnd]);

  useEffect(() => {
    loadEdges();
    if (!wanted.current) {
      look();
      now.current.onMoved();
    }
    // As above.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [shown, view, look, loadEdges]);

  const go = useCallback(
    (aim: Goal) => {
      wanted.current = aim;
      held.current = null;
      if (holds(now.current.view, now.current.shown.rows, aim)) {
        arrive();
        return;
      }
      const moved = aim.to === 'seq' ? now.current.view.jumpTo(aim.seq) : now.current.view.jumpToNewest();
      moved.then(arrive).catch(() => {
        // The view says what went wrong; the reader stays where they are.
        wanted.current = null;
      });
    },
    [arrive],
  );

  return { atNewest, visible, go, onScroll, onResize, placed };
}

/** What people do to scroll. */
const moves = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

/** Asked of the document: when the window has just changed its height, the list does not know that yet. */
function isAtEnd(view: TimelineView, frame: HTMLElement): boolean {
  return view.atEnd && frame.scrollHeight - frame.scrollTop - frame.clientHeight < NEAR;
}

function isFresh(row: Row): boolean {
  return row.kind === 'message' && row.fresh;
}

/** Whether the messages that are held are those to go to. */
function holds(view: TimelineView, rows: readonly Row[], goal: Goal): boolean {
  if (goal.to === 'newest') return view.atEnd;
  if (goal.to === 'fresh') return rows.some(isFresh) || view.loading !== 'initial';
  const [oldest, newest] = [view.messages[0], view.messages.at(-1)];
  if (!oldest || !newest) return view.atStart && view.atEnd;
  return (view.atStart || oldest.seq <= goal.seq) && (view.atEnd || newest.seq >= goal.seq);
}
