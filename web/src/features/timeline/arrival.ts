// Whether a row is where somebody was led. The list guesses the heights of rows it has not measured, and may measure them
// only after it has scrolled; so where it has got to is asked of the document.

/** Heights are fractions, and places on the screen are not. */
const NEARLY = 2;

/** Where the row should be: in the middle of the window, or so many pixels below its upper edge. */
export type Spot = 'middle' | number;

type Box = Pick<DOMRect, 'top' | 'height'>;

/** How many pixels too low it is; too high when negative. */
export function offBy(row: Box, frame: Box, spot: Spot): number {
  const [at, wanted] =
    spot === 'middle' ? [row.top + row.height / 2, frame.top + frame.height / 2] : [row.top, frame.top + spot];
  return at - wanted;
}

/** True when the row is there, or as near to it as one can scroll. */
export function hasArrived(scroller: HTMLElement, key: string, spot: Spot): boolean {
  const row = scroller.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`);
  // The list hides a row until it has measured it.
  if (!row?.checkVisibility({ visibilityProperty: true })) return false;
  const off = offBy(row.getBoundingClientRect(), scroller.getBoundingClientRect(), spot);
  const below = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
  return Math.abs(off) <= NEARLY || (off > 0 ? below <= NEARLY : scroller.scrollTop <= NEARLY);
}
