// The search for a date finds its first message, with few questions.

import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { firstSince } from './dateSearch';

// Seqs have holes, because changes take them too; times may stand still, and do not go back.
const histories = fc.array(fc.record({ hole: fc.nat(3), wait: fc.nat(100) }), { maxLength: 60 }).map((steps) => {
  let [seq, time] = [0, 0];
  return steps.map(({ hole, wait }) => {
    seq += 1 + hole;
    time += wait;
    return { seq, created_at: new Date(time).toISOString() };
  });
});

it('finds the first message of a time in a few questions', async () => {
  await fc.assert(
    fc.asyncProperty(histories, fc.nat(3000), fc.nat(5), async (history, time, beyond) => {
      const head = (history.at(-1)?.seq ?? 0) + beyond;
      let asked = 0;
      const found = await firstSince(time, head, async (after) => {
        asked += 1;
        return history.find(({ seq }) => seq > after) ?? null;
      });
      const expected = history.find(({ created_at }) => Date.parse(created_at) >= time)?.seq ?? null;
      expect(found).toBe(expected);
      expect(asked).toBeLessThanOrEqual(Math.ceil(Math.log2(head + 1)) + 1);
    }),
  );
});
