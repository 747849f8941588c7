// What a poll's numbers say.

import { expect, test } from 'vitest';
import { chosen, isClosed, picked, share } from './count';

test('one choice replaces another, several add up, and a second press takes back', () => {
  expect(picked({ multiple: false }, [0], 2)).toEqual([2]);
  expect(picked({ multiple: false }, [2], 2)).toEqual([]);
  expect(picked({ multiple: true }, [2], 0)).toEqual([0, 2]);
  expect(picked({ multiple: true }, [0, 2], 2)).toEqual([0]);
});

test('shares are of those who have voted', () => {
  expect(share({ voters: 0 }, 0)).toBe(0);
  expect(share({ voters: 3 }, 1)).toBe(33);
  expect(share({ voters: 3 }, 3)).toBe(100);
});

test('a poll is closed by somebody or by its time', () => {
  const now = Date.parse('2030-01-01T00:00:00Z');
  expect(isClosed({ closed_at: null, closes_at: null }, now)).toBe(false);
  expect(isClosed({ closed_at: '2029-12-31T00:00:00Z', closes_at: null }, now)).toBe(true);
  expect(isClosed({ closed_at: null, closes_at: '2030-01-01T00:00:00Z' }, now)).toBe(true);
  expect(isClosed({ closed_at: null, closes_at: '2030-01-01T00:00:01Z' }, now)).toBe(false);
});

test('one’s own choice is marked', () => {
  expect(
    chosen({
      options: [
        { text: 'a', count: 1 },
        { text: 'b', count: 1, me: true },
      ],
    }),
  ).toEqual([1]);
});
