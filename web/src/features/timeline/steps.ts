// Leads a list on the screen from the rows it shows to those it should show, one end at a time. The virtual list can keep
// the reader's place when rows come or go at the start, or at the end, but must be told which; a page that arrives
// while the other end is dropped is both.

import type { Row } from './rows';

export interface Step {
  readonly rows: readonly Row[];
  /** What the rows are on the way to; reached when they are those, or all of them that the list can take for now. */
  readonly target: readonly Row[];
  /** Rows came or went at the start: the place is kept as seen from the end. */
  readonly shift: boolean;
  /**
   * The first row that stayed when that happened, until the list has come to rest: meanwhile it takes whatever grows, also
   * below the reader, for part of the shift, so that nothing else may change.
   */
  readonly seam: string | null;
  /** Counts how often nothing of what was shown remained, so that there is no place to keep. */
  readonly life: number;
}

export function first(rows: readonly Row[]): Step {
  return { rows, target: rows, shift: false, seam: null, life: 0 };
}

/** One step nearer to `target`; the same step when it is there. */
export function step(shown: Step, target: readonly Row[]): Step {
  if (shown.target === target && !shown.shift) return shown;
  const { seam, life } = shown;
  const moved = movedBy(shown.rows, target);
  if (moved === null) return { ...first(target), life: life + 1 };
  const [start] = target;
  if (moved === 0 || !start) {
    return { rows: seam === null ? target : mended(shown.rows, target, seam), target, shift: false, seam, life };
  }
  const kept = shown.rows.slice(moved > 0 ? 1 : 1 - moved);
  const added = moved > 0 ? target.slice(1, 1 + moved) : [];
  return { rows: [start, ...added, ...kept], target, shift: true, seam: kept[0]?.key ?? null, life };
}

/** The list has come to rest: everything else may be shown. */
export function rest(shown: Step): Step {
  return shown.seam === null || shown.shift ? shown : { ...shown, rows: shown.target, seam: null };
}

/** The rows with what the shift itself changed: the row at the seam, which may begin a day or a group no more. */
function mended(shown: readonly Row[], target: readonly Row[], seam: string): readonly Row[] {
  const row = target.find(({ key }) => key === seam);
  return row ? shown.map((old) => (old.key === seam ? row : old)) : target;
}

/** How many rows came before the first shown (or left, when negative); null when the two have nothing in common. */
function movedBy(shown: readonly Row[], target: readonly Row[]): number | null {
  const [before, after] = [firstMessage(shown), firstMessage(target)];
  if (before === null || after === null) return before === after || before === null ? 0 : null;
  const came = target.findIndex((row) => row.key === before) - 1;
  if (came >= 0) return came;
  const left = shown.findIndex((row) => row.key === after) - 1;
  return left >= 0 ? -left : null;
}

function firstMessage(rows: readonly Row[]): string | null {
  const row = rows[1];
  return row?.kind === 'message' ? row.key : null;
}
