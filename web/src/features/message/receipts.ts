// How far a message of one's own has got, from the cursors of the others.

import type { ReceiptEntry } from '@/sync';

export interface Receipt {
  /** What holds for all of the others, so that a tick is never a promise too many. */
  readonly state: 'sent' | 'delivered' | 'read';
  readonly readers: readonly string[];
  /** Those whose device has it, and who have not read it yet. */
  readonly holders: readonly string[];
}

const sent: Receipt = { state: 'sent', readers: [], holders: [] };

export function receiptOf(seq: number, receipts: readonly ReceiptEntry[]): Receipt {
  const readers = receipts.filter(({ read }) => read >= seq);
  const holders = receipts.filter(({ read, delivered }) => read < seq && delivered >= seq);
  if (readers.length + holders.length === 0) return sent;
  const everybody = readers.length + holders.length === receipts.length;
  return {
    state: readers.length === receipts.length ? 'read' : everybody ? 'delivered' : 'sent',
    readers: readers.map(({ userId }) => userId),
    holders: holders.map(({ userId }) => userId),
  };
}
