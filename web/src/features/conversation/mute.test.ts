// When notifications rest, and when they are heard again.

import { expect, test } from 'vitest';
import { FOREVER, hoursFromNow, isForever, isMuted } from './mute';

const now = Date.UTC(2030, 0, 1, 12);

test('notifications rest until the time that was set, and no longer', () => {
  const until = hoursFromNow(8, now);
  expect(until).toBe('2030-01-01T20:00:00.000Z');
  expect(isMuted(until, now)).toBe(true);
  expect(isMuted(until, now + 8 * 3_600_000)).toBe(false);
  expect(isMuted(null, now)).toBe(false);
});

test('until they are turned on again is told from any real time', () => {
  expect(isMuted(FOREVER, now)).toBe(true);
  expect(isForever(FOREVER)).toBe(true);
  expect(isForever(hoursFromNow(8, now))).toBe(false);
});
