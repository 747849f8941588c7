// What time it is where somebody is.

import { expect, test } from 'vitest';
import { hoursAhead, localTime } from './localTime';

const noon = Date.UTC(2030, 0, 15, 12);

test('the clock of another time zone', () => {
  expect(localTime('Asia/Tokyo', 'de', noon)).toBe('21:00');
  expect(localTime('Asia/Kathmandu', 'de', noon)).toBe('17:45');
  expect(localTime('Nowhere/Atlantis', 'de', noon)).toBeNull();
});

test('how far it is ahead, over midnight and by quarters of an hour', () => {
  expect(hoursAhead('Asia/Tokyo', noon, 'UTC')).toBe(9);
  expect(hoursAhead('Asia/Kathmandu', noon, 'UTC')).toBe(5.75);
  expect(hoursAhead('Pacific/Auckland', noon, 'UTC')).toBe(13);
  expect(hoursAhead('America/New_York', noon, 'Europe/Berlin')).toBe(-6);
  expect(hoursAhead('UTC', noon, 'UTC')).toBe(0);
});
