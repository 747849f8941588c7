// Times to come.

import { expect, test } from 'vitest';
import { remindingMoments, sendingMoments, wallTime } from './moments';

const times = (moments: ReturnType<typeof sendingMoments>) =>
  moments.map(({ key, date }) => `${key} ${wallTime(date)}`);

test('before the evening there is a later today', () => {
  // A Wednesday.
  expect(times(sendingMoments(new Date(2026, 10, 25, 14)))).toEqual([
    'today 2026-11-25T18:00',
    'tomorrow 2026-11-26T09:00',
    'monday 2026-11-30T09:00',
  ]);
  expect(times(sendingMoments(new Date(2026, 10, 25, 17, 45)))[0]).toBe('tomorrow 2026-11-26T09:00');
});

test('on a Sunday tomorrow is Monday, and on a Monday the next one is meant', () => {
  expect(times(sendingMoments(new Date(2026, 10, 29, 20)))).toEqual(['tomorrow 2026-11-30T09:00']);
  expect(times(sendingMoments(new Date(2026, 10, 30, 20)))).toEqual([
    'tomorrow 2026-12-01T09:00',
    'monday 2026-12-07T09:00',
  ]);
});

test('reminders begin with what is soon', () => {
  expect(times(remindingMoments(new Date(2026, 11, 31, 23, 50)))).toEqual([
    'in20 2027-01-01T00:10',
    'in60 2027-01-01T00:50',
    'in180 2027-01-01T02:50',
    'tomorrow 2027-01-01T09:00',
    'monday 2027-01-04T09:00',
  ]);
});
