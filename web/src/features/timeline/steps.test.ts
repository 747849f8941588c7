// From one list of rows to any other by steps that change one end at a time.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { message } from './fixtures';
import { rowsOf, type Row } from './rows';
import { first, rest, step, type Step } from './steps';

function window(from: number, to: number): readonly Row[] {
  const messages = Array.from({ length: Math.max(0, to - from) }, (_, index) => message(from + index));
  return rowsOf({ messages, pending: [], me: '10', atStart: from === 0, atEnd: false, newAfter: null });
}

/** The steps to the target, the last of them once the list has come to rest. */
function lead(shown: Step, target: readonly Row[]): Step[] {
  const steps: Step[] = [];
  for (let [now, next] = [shown, step(shown, target)]; next !== now; [now, next] = [next, step(next, target)]) {
    steps.push(next);
  }
  const [last = shown] = steps.slice(-1);
  return rest(last).rows === last.rows ? steps : [...steps, rest(last)];
}

function rowAt(rows: readonly Row[] | undefined, seq: number): Row | undefined {
  return rows?.find((row) => row.key === message(seq).id);
}

const keys = (rows: readonly Row[]) => rows.slice(1, -1).map((row) => row.key);

/** With `shift` the end of what was there stays the end, without it the start the start. */
function keepsOneEnd(before: Step, now: Step): boolean {
  const [old, next] = [keys(before.rows), keys(now.rows)];
  if (now.shift) return old.at(-1) === next.at(-1);
  return old.length === 0 || next.length === 0 || old[0] === next[0];
}

describe('steps', () => {
  it('moves a window one end after the other, the start first', () => {
    const steps = lead(first(window(50, 100)), window(20, 80));
    expect(steps.map(({ shift, rows }) => [shift, keys(rows).length])).toEqual([
      [true, 80],
      [false, 80],
      [false, 60],
    ]);
  });

  it('changes nothing but the seam before the list has come to rest', () => {
    const steps = lead(first(window(50, 100)), window(20, 120));
    expect(steps.map(({ seam, rows }) => [seam !== null, keys(rows).length])).toEqual([
      [true, 80],
      [true, 80],
      [false, 100],
    ]);
    const [, mended] = steps;
    expect(rowAt(window(50, 100), 50)).toMatchObject({ grouped: false });
    expect(rowAt(mended?.rows, 50)).toMatchObject({ grouped: true });

    const still = lead(first(window(50, 100)), window(50, 120));
    expect(still.map(({ rows }) => keys(rows).length)).toEqual([70]);
  });

  it('starts afresh where nothing remains', () => {
    expect(lead(first(window(50, 100)), window(200, 220)).map(({ life }) => life)).toEqual([1]);
  });

  it('gets there by steps each of which changes one end only', () => {
    const windows = fc.tuple(fc.nat(60), fc.nat(60)).map(([from, length]) => window(from, from + length));
    fc.assert(
      fc.property(windows, windows, (shown, target) => {
        let before = first(shown);
        const steps = lead(before, target);
        expect(steps.length).toBeLessThanOrEqual(3);
        for (const now of steps) {
          expect(now.life > before.life || keepsOneEnd(before, now)).toBe(true);
          before = now;
        }
        expect(steps.at(-1)?.rows ?? target).toBe(target);
      }),
    );
  });
});
