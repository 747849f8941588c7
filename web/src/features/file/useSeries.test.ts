// What the viewer leads through.

import { expect, test } from 'vitest';
import { joined, type Shown } from './useSeries';

const shown = (id: string, seq: number): Shown => ({
  file: {
    id,
    name: id,
    mime: 'image/png',
    size: 1,
    kind: 'image',
    variants: [],
    state: 'ready',
    created_at: '2026-11-21T12:00:00Z',
  },
  messageId: `m${seq}`,
  seq,
  senderId: '1',
  createdAt: '2026-11-21T12:00:00Z',
});
const ids = (series: readonly Shown[]) => series.map(({ file }) => file.id);

test('those of the message stand in their own order among the others, each once', () => {
  const own = [shown('a', 5), shown('b', 5)];
  const found = [shown('z', 9), shown('b', 5), shown('a', 5), shown('y', 2)];
  expect(ids(joined(own, found))).toEqual(['z', 'a', 'b', 'y']);
});

test('before anything was found there are those of the message', () => {
  expect(ids(joined([shown('a', 5)], []))).toEqual(['a']);
  expect(ids(joined([], [shown('z', 9)]))).toEqual(['z']);
});
