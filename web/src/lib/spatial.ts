// Getting around with four arrow keys, as with a television's remote control: from where the focus is to the nearest
// thing in that direction. Pure geometry first, then what the page has to do with it.

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export type Direction = 'up' | 'down' | 'left' | 'right';

/** Turns the page so that "right" is where we are going; then there is one rule and not four. */
function turned(box: Box, direction: Direction): Box {
  const { left, top, right, bottom } = box;
  if (direction === 'right') return box;
  if (direction === 'left') return { left: -right, top, right: -left, bottom };
  if (direction === 'down') return { left: top, top: left, right: bottom, bottom: right };
  return { left: -bottom, top: left, right: -top, bottom: right };
}

/**
 * How far it is from one box to another going right; infinite if the other does not lie there. Being out of line counts
 * double, and things in the same line come before things that are not: that is where people look first.
 */
function distance(from: Box, to: Box): number {
  const middle = (to.left + to.right) / 2;
  if (middle <= (from.left + from.right) / 2 || to.right <= from.right || to.left < from.left) return Infinity;
  const along = Math.max(0, to.left - from.right);
  const across = Math.max(0, to.top - from.bottom, from.top - to.bottom);
  const off = Math.abs((to.top + to.bottom - from.top - from.bottom) / 2);
  return along + (across > 0 ? 3 * across + 100 : 0) + off / 1000;
}

/** Which of the boxes is next in a direction; -1 if there is none. */
export function nearest(from: Box, boxes: readonly Box[], direction: Direction): number {
  const start = turned(from, direction);
  let found = -1;
  let least = Infinity;
  boxes.forEach((box, index) => {
    const far = distance(start, turned(box, direction));
    if (far < least) {
      least = far;
      found = index;
    }
  });
  return found;
}

/** Which of the boxes lies nearest to a place where something was. */
export function closest(from: Box, boxes: readonly Box[]): number {
  let found = -1;
  let least = Infinity;
  boxes.forEach((box, index) => {
    const far = Math.hypot(box.left - from.left, box.top - from.top);
    if (far < least) {
      least = far;
      found = index;
    }
  });
  return found;
}

const selector = [
  // Links that jump over parts of the page are for those who press Tab many times.
  'a[href]:not([data-skip])',
  'button:not(:disabled)',
  'input:not(:disabled):not([type="hidden"])',
  'textarea:not(:disabled)',
  'select:not(:disabled)',
  '[tabindex]:not([tabindex="-1"])',
  '[contenteditable="true"]',
].join(',');

/** The part of the page that can be reached: the topmost dialog or menu, or all of it. */
export function scope(): Element {
  const layers = document.querySelectorAll('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]');
  const top = [...layers].findLast((layer) => layer.closest('[data-base-ui-portal], dialog') !== null);
  return top ?? document.body;
}

export function reachable(root: Element = scope()): HTMLElement[] {
  // A remote control knows nothing of roving tab stops: what Tab skips is reached by the arrows here too.
  const found = root.querySelectorAll<HTMLElement>(`${selector}, [role="menuitem"], [role="option"]`);
  return [...found].filter(
    (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('[inert]'),
  );
}

/** Moves the focus; false if there is nothing in that direction. */
export function moveFocus(direction: Direction): boolean {
  const from = document.activeElement;
  let candidates = reachable().filter((element) => element !== from);
  // Whole parts of the page that hold the focus for lack of anything better are no place to start from.
  const lost = !(from instanceof HTMLElement) || !reachable().includes(from);
  while (candidates.length > 0) {
    const boxes = candidates.map((element) => element.getBoundingClientRect());
    const next = lost
      ? (candidates.find((element) => element.ariaCurrent) ?? candidates[0])
      : candidates[nearest(from.getBoundingClientRect(), boxes, direction)];
    if (!next) return false;
    next.focus({ preventScroll: true });
    if (next.contains(document.activeElement)) {
      next.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      return true;
    }
    // It did not take the focus; the next best may.
    candidates = candidates.filter((element) => element !== next);
  }
  return false;
}

/**
 * Keeps the focus from getting lost: when the focused thing goes away, what lies nearest to its place takes the focus.
 * Returns a function that stops it.
 */
export function keepFocus(): () => void {
  let last: Box = { left: 0, top: 0, right: 0, bottom: 0 };
  const note = () => {
    if (document.activeElement instanceof HTMLElement && document.activeElement !== document.body) {
      last = document.activeElement.getBoundingClientRect();
    }
  };
  const restore = () => {
    if (document.activeElement && document.activeElement !== document.body) {
      note();
      return;
    }
    const candidates = reachable();
    const next =
      candidates[
        closest(
          last,
          candidates.map((element) => element.getBoundingClientRect()),
        )
      ];
    next?.focus({ preventScroll: true });
  };
  const observer = new MutationObserver(() => requestAnimationFrame(restore));
  observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled', 'hidden'] });
  document.addEventListener('focusin', note);
  return () => {
    observer.disconnect();
    document.removeEventListener('focusin', note);
  };
}
