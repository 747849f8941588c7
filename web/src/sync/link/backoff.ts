// How long to wait before trying again. Doubles up to half a minute, and picks at random below that, so that thousands of
// clients who lost the same server do not come back together.

const FIRST = 500;
const LONGEST = 30_000;

/** Milliseconds before the attempt with this number, counted from 0. `chance` is from 0 to 1. */
export function backoff(attempt: number, chance: number): number {
  return Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 20)) * chance;
}
