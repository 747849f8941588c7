// When reminders are told of.

import { expect, test } from 'vitest';
import type { Reminder } from '@/protocol.gen';
import { dueNow, keyOf, untilNext } from './due';

const now = Date.parse('2030-01-01T12:00:00Z');

function reminder(id: string, state: Reminder['state'], remind_at: string): Reminder {
  const none = { message_id: null, conversation_id: null, at: null, time_zone: null };
  return { id, text: id, state, remind_at, created_at: remind_at, version: 1, ...none };
}

test('what is due is told once, and again after it was put off', () => {
  const due = reminder('1', 'due', '2030-01-01T11:00:00Z');
  expect(dueNow([due, reminder('2', 'waiting', '2030-01-01T13:00:00Z')], new Set())).toEqual([due]);
  const told = new Set([keyOf(due)]);
  expect(dueNow([due], told)).toEqual([]);
  expect(dueNow([{ ...due, remind_at: '2030-01-01T11:30:00Z' }], told)).toHaveLength(1);
});

test('the next look is when the next one is due', () => {
  expect(untilNext([], now)).toBeNull();
  expect(untilNext([reminder('1', 'due', '2030-01-01T11:00:00Z')], now)).toBeNull();
  const soon = reminder('1', 'waiting', '2030-01-01T12:01:00Z');
  expect(untilNext([reminder('2', 'waiting', '2040-01-01T12:00:00Z'), soon], now)).toBe(61_500);
  expect(untilNext([reminder('2', 'waiting', '2040-01-01T12:00:00Z')], now)).toBe(86_400_000);
  expect(untilNext([reminder('3', 'waiting', '2030-01-01T11:59:00Z')], now)).toBe(1_500);
});
