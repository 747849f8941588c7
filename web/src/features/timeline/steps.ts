// Leads a list on the screen from the rows it shows to those it should show, one end at a time. The virtual list can keep
// the reader's place when rows come or go at the start, or at the end, but must be told which; a page that arrives
// while the other end is dropped is both.

import type { Row } from './rows';

export interface Step {
  readonly rows: readonly Row[];
  /** Rows came or went at the start: the place is kept as seen from the end. */
  readonly shift: boolean;
  /** Counts how often nothing of what was shown remained, so that there is no place to keep. */
  readonly life: number;
}

export function first(rows: readonly Row[]): Step {
  return { rows, shift: false, life: 0 };
}

/** One step nearer to `target`; the step is there when its `rows` are. */
export function step(shown: Step, target: readonly Row[]): Step {
  const moved = movedBy(shown.rows, target);
  if (moved === null) return { rows: target, shift: false, life: shown.life + 1 };
  const [start] = target;
  if (moved === 0 || !start) return { rows: target, shift: false, life: shown.life };
  const kept = shown.rows.slice(moved > 0 ? 1 : 1 - moved);
  const added = moved > 0 ? target.slice(1, 1 + moved) : [];
  return { rows: [start, ...added, ...kept], shift: true, life: shown.life };
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
