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
  /** The list has not come to rest since then: it takes whatever grows, also below the reader, for part of the shift. */
  readonly moving: boolean;
  /** Counts how often nothing of what was shown remained, so that there is no place to keep. */
  readonly life: number;
}

export function first(rows: readonly Row[]): Step {
  return { rows, target: rows, shift: false, moving: false, life: 0 };
}

/** One step nearer to `target`; the same step when it is there. */
export function step(shown: Step, target: readonly Row[]): Step {
  if (shown.target === target && !shown.shift) return shown;
  const next = { target, moving: shown.moving, life: shown.life };
  const moved = movedBy(shown.rows, target);
  if (moved === null) return { ...next, rows: target, shift: false, moving: false, life: shown.life + 1 };
  const [start] = target;
  if (moved === 0 || !start) return { ...next, rows: shown.moving ? upTo(shown.rows, target) : target, shift: false };
  const kept = shown.rows.slice(moved > 0 ? 1 : 1 - moved);
  const added = moved > 0 ? target.slice(1, 1 + moved) : [];
  return { ...next, rows: [start, ...added, ...kept], shift: true, moving: true };
}

/** The list has come to rest: what came at the end meanwhile may be shown. */
export function rest(shown: Step): Step {
  return shown.moving && !shown.shift ? { ...shown, rows: shown.target, moving: false } : shown;
}

/** The target without what came after the last message that is shown. */
function upTo(shown: readonly Row[], target: readonly Row[]): readonly Row[] {
  const end = target.at(-1);
  const last = shown.findLast((row) => row.kind === 'message')?.key;
  const at = target.findLastIndex((row) => row.key === last);
  return at < 0 || !end || at >= target.length - 2 ? target : [...target.slice(0, at + 1), end];
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
