// Times to come that people often mean, as wall times of this browser: `2026-12-01T09:00` stays nine o'clock when the
// rules of the time zone change meanwhile.

import type { TextKey } from './text';
import { clock } from './time';

export interface Moment {
  readonly key: string;
  readonly label: TextKey;
  readonly date: Date;
}

const MORNING = 9;
const EVENING = 18;

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** As the server and `<input type="datetime-local">` spell it. */
export function wallTime(date: Date): string {
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function zoneHere(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function onDay(now: Date, days: number, hour: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
}

function minutesFrom(now: Date, minutes: number): Date {
  return new Date(now.getTime() + minutes * 60_000);
}

/** Days until the next Monday, which is never today. */
function toMonday(now: Date): number {
  return (8 - now.getDay()) % 7 || 7;
}

/** When a message may be sent. */
export function sendingMoments(now = new Date()): readonly Moment[] {
  const evening = onDay(now, 0, EVENING);
  const monday = toMonday(now);
  return [
    // Soon enough before the evening, "later today" is the evening; after it there is none.
    ...(evening.getTime() - now.getTime() > 30 * 60_000
      ? [{ key: 'today', label: 'later.today', date: evening } as const]
      : []),
    { key: 'tomorrow', label: 'later.tomorrow', date: onDay(now, 1, MORNING) },
    ...(monday > 1 ? [{ key: 'monday', label: 'later.monday', date: onDay(now, monday, MORNING) } as const] : []),
  ];
}

/** When somebody may want to be reminded. */
export function remindingMoments(now = new Date()): readonly Moment[] {
  return [
    { key: 'in20', label: 'later.in20', date: minutesFrom(now, 20) },
    { key: 'in60', label: 'later.in60', date: minutesFrom(now, 60) },
    { key: 'in180', label: 'later.in180', date: minutesFrom(now, 180) },
    ...sendingMoments(now).filter(({ key }) => key !== 'today'),
  ];
}

/** What fills the text of a moment. */
export function momentValues({ date }: Moment): { time: string } {
  return { time: clock(date.getTime()) };
}
