// Going through the messages with the keys. One message is the list's stop for the Tab key; arrows move on from it.

import { useCallback, useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { Row } from './rows';
import type { Place } from './usePlace';

interface Roved {
  list: RefObject<VirtualizerHandle | null>;
  scroller: RefObject<HTMLElement | null>;
  rows: readonly Row[];
  place: Place;
}

/** The edge of the window at which a row is to be shown that is beyond it. */
type Edge = 'start' | 'end';

export function useRoving({ list, scroller, rows, place }: Roved) {
  const [active, setActive] = useState<string | null>(null);
  const [inside, setInside] = useState(false);
  // Until the active row can take it, another has the focus; without that one the next key would reach nobody.
  const [focused, setFocused] = useState<string | null>(null);
  const wanted = useRef<string | null>(null);

  const focus = useCallback(
    (key: string) => {
      const row = scroller.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"] > article`);
      row?.focus({ preventScroll: true });
      // The list hides a row until it has measured it, and what is hidden does not take the focus.
      return row !== null && row === document.activeElement;
    },
    [scroller],
  );

  // A row that was far away is there only after the list has rendered it.
  const settle = useCallback(() => {
    if (wanted.current && focus(wanted.current)) wanted.current = null;
  }, [focus]);
  useLayoutEffect(settle);

  /** Asked of the document: the list may not have heard yet of where the last key has led. */
  const isBeyond = (index: number): Edge | null => {
    const [handle, frame] = [list.current, scroller.current];
    if (!handle || !frame) return null;
    const [offset, size] = [handle.getItemOffset(index), handle.getItemSize(index)];
    if (offset < frame.scrollTop) return 'start';
    return offset + size > frame.scrollTop + frame.clientHeight ? 'end' : null;
  };

  const moveTo = (index: number, edge = isBeyond(index)): boolean => {
    const row = rows[index];
    if (!row || row.kind === 'start' || row.kind === 'end') return false;
    if (edge) list.current?.scrollToIndex(index, { align: edge });
    wanted.current = row.key;
    setActive(row.key);
    settle();
    return true;
  };

  const indexOf = (key: string | null) => (key === null ? -1 : rows.findIndex((row) => row.key === key));
  const activeIndex = indexOf(active);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.altKey || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
    const row = event.target instanceof Element ? event.target.closest('[data-row]') : null;
    if (!row && event.target !== scroller.current) return;
    if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      if (row && within(row, event)) event.preventDefault();
      return;
    }
    const at = activeIndex < 0 ? place.visible()[1] : activeIndex;
    const [first, last] = place.visible();
    const page = Math.max(1, last - first - 1);
    const moves: Readonly<Record<string, () => boolean>> = {
      ArrowUp: () => moveTo(at - 1),
      ArrowDown: () => moveTo(at + 1),
      PageUp: () => moveTo(Math.max(1, at - page)),
      PageDown: () => moveTo(Math.min(rows.length - 2, at + page)),
      Home: () => moveTo(1, 'start'),
      End: () => moveTo(rows.length - 2, 'end'),
    };
    // Where there is no further row, the key is left to whoever else has a use for it.
    if (moves[event.key]?.()) event.preventDefault();
  };

  const onFocus = (target: EventTarget) => {
    setInside(true);
    if (target === scroller.current) {
      moveTo(activeIndex >= 0 ? activeIndex : Math.min(place.visible()[1], rows.length - 2));
      return;
    }
    const key = target instanceof Element ? target.closest('[data-row]')?.getAttribute('data-row') : null;
    if (!key) return;
    setActive(key);
    setFocused(key);
  };

  return {
    /** To be called when rows were measured. */
    settle,
    /** Stay in the document while one of them has the focus, however far one scrolls. */
    kept: inside ? [activeIndex, indexOf(focused)].filter((index) => index >= 0) : [],
    props: {
      tabIndex: inside ? -1 : 0,
      onKeyDown,
      onFocus: (event: { target: EventTarget }) => onFocus(event.target),
      onBlur: (event: { relatedTarget: EventTarget | null; currentTarget: Element }) => {
        const to = event.relatedTarget;
        if (!(to instanceof Node && event.currentTarget.contains(to))) setInside(false);
      },
    },
  };
}

function isTyping(target: EventTarget): boolean {
  return target instanceof Element && target.closest('input, textarea, [contenteditable]') !== null;
}

/** Moves between what can be pressed inside of a row. */
function within(row: Element, event: KeyboardEvent<HTMLElement>): boolean {
  const stops = [...row.querySelectorAll<HTMLElement>('article, button, a[href]')].filter(
    (stop) => stop.offsetParent !== null,
  );
  const mirrored = getComputedStyle(row).direction === 'rtl';
  const forward = (event.key === 'ArrowRight') !== mirrored;
  const at = stops.findIndex((stop) => stop === event.target);
  const next = stops[at + (forward ? 1 : -1)];
  next?.focus({ preventScroll: true });
  return next !== undefined;
}
