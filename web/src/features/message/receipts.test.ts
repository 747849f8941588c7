// What the ticks beside one's own message say, for every state of the others' cursors.

import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { receiptOf } from './receipts';

const receipts = fc.array(
  fc
    .tuple(fc.nat(20), fc.nat(20), fc.uuid())
    .map(([read, ahead, userId]) => ({ userId, read, delivered: read + ahead })),
  { maxLength: 8 },
);
const order = ['sent', 'delivered', 'read'];

it('says of everybody only what holds for everybody', () => {
  fc.assert(
    fc.property(receipts, fc.integer({ min: 1, max: 30 }), (entries, seq) => {
      const { state, readers, holders } = receiptOf(seq, entries);
      expect(state !== 'read' || readers.length === entries.length).toBe(true);
      expect(state !== 'delivered' || entries.every(({ delivered }) => delivered >= seq)).toBe(true);
      expect(readers.some((reader) => holders.includes(reader))).toBe(false);
    }),
  );
});

it('never goes back when a cursor moves on, and an older message is never behind a newer one', () => {
  fc.assert(
    fc.property(receipts, fc.integer({ min: 1, max: 30 }), fc.nat(10), (entries, seq, more) => {
      const rank = (at: number, list: typeof entries) => order.indexOf(receiptOf(at, list).state);
      const later = entries.map((entry) => ({ ...entry, read: entry.read + more, delivered: entry.delivered + more }));
      expect(rank(seq, later)).toBeGreaterThanOrEqual(rank(seq, entries));
      expect(rank(seq, entries)).toBeGreaterThanOrEqual(rank(seq + more, entries));
    }),
  );
});

it('is only sent where nobody tells', () => {
  expect(receiptOf(5, [])).toEqual({ state: 'sent', readers: [], holders: [] });
});
