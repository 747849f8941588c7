// Which reminders are due and were not told of yet, and when to look again. Pure.

import type { Reminder } from '@/protocol.gen';

/** Timers for longer than this overflow; until then something else asks in any case. */
const LONGEST = 86_400_000;
/** The server's clock and ours may differ a little. */
const AFTER = 1_500;

export function dueNow(reminders: readonly Reminder[], told: ReadonlySet<string>): readonly Reminder[] {
  return reminders.filter(({ id, state, remind_at }) => state === 'due' && !told.has(keyOf({ id, remind_at })));
}

/** One that was put off is told of again. */
export function keyOf({ id, remind_at }: Pick<Reminder, 'id' | 'remind_at'>): string {
  return `${id} ${remind_at}`;
}

/** Milliseconds until the next one is due; null while none is to come. */
export function untilNext(reminders: readonly Reminder[], now: number): number | null {
  const times = reminders.filter(({ state }) => state === 'waiting').map(({ remind_at }) => Date.parse(remind_at));
  if (times.length === 0) return null;
  return Math.min(LONGEST, Math.max(0, Math.min(...times) - now) + AFTER);
}
