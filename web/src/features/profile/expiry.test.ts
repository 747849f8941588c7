// When a status ends, as the choices name it.

import { expect, test } from 'vitest';
import { expiresAt, fieldTime } from './expiry';

// A Wednesday, in whatever time zone the test runs.
const now = new Date(2030, 0, 16, 15, 30);
const at = (time: string | null) => (time === null ? null : fieldTime(new Date(time)));

test('a status ends when its lifetime says', () => {
  expect(expiresAt('never', '', now)).toBeNull();
  expect(at(expiresAt('half-hour', '', now))).toBe('2030-01-16T16:00');
  expect(at(expiresAt('hour', '', now))).toBe('2030-01-16T16:30');
  expect(at(expiresAt('four-hours', '', now))).toBe('2030-01-16T19:30');
  expect(at(expiresAt('today', '', now))).toBe('2030-01-17T00:00');
  expect(at(expiresAt('week', '', now))).toBe('2030-01-21T00:00');
  expect(at(expiresAt('custom', '2030-02-01T08:15', now))).toBe('2030-02-01T08:15');
});

test('on a Sunday, this week ends tonight', () => {
  expect(at(expiresAt('week', '', new Date(2030, 0, 20, 9, 0)))).toBe('2030-01-21T00:00');
});

test('what is no time yet is no end', () => {
  expect(expiresAt('custom', '', now)).toBeNull();
});
