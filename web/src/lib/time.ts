// Times as people read them, in their language and time zone. Formatters are kept, because making one is slow.

import { language, locale } from './text';

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatted(time: Date, options: Intl.DateTimeFormatOptions): string {
  const key = locale() + JSON.stringify(options);
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(locale(), options);
    formatters.set(key, formatter);
  }
  return formatter.format(time);
}

/** `14:05` */
export function clock(time: string | number): string {
  return formatted(new Date(time), { hour: '2-digit', minute: '2-digit' });
}

/** `Saturday, 21 November 2026, 14:05` */
export function full(time: string | number): string {
  return formatted(new Date(time), { dateStyle: 'full', timeStyle: 'short' });
}

/** A day as a key that is equal for times of the same day here. */
export function dayKey(time: string | number): string {
  const date = new Date(time);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

const DAY = 86_400_000;

function midnight(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

/** How many days ago it was, by the calendar and not by the clock. */
function daysAgo(time: string | number, now: number): number {
  return Math.round((midnight(now) - midnight(new Date(time).getTime())) / DAY);
}

/** `Today`, `Yesterday`, `Monday`, `3 March`, `3 March 2024` */
export function day(time: string | number, now = Date.now()): string {
  const ago = daysAgo(time, now);
  if (ago === 0 || ago === 1) {
    const text = new Intl.RelativeTimeFormat(language(), { numeric: 'auto' }).format(-ago, 'day');
    return text.charAt(0).toLocaleUpperCase(language()) + text.slice(1);
  }
  const date = new Date(time);
  if (ago > 1 && ago < 7) return formatted(date, { weekday: 'long' });
  const year = date.getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' as const };
  return formatted(date, { day: 'numeric', month: 'long', ...year });
}

/** For lists, where room is short: the time today, then the weekday, then the date. */
export function brief(time: string | number, now = Date.now()): string {
  const ago = daysAgo(time, now);
  if (ago === 0) return clock(time);
  if (Math.abs(ago) < 7) return formatted(new Date(time), { weekday: 'short' });
  return formatted(new Date(time), { day: '2-digit', month: '2-digit', year: '2-digit' });
}

/** `5 minutes ago`, `in 2 hours` */
export function relative(time: string | number, now = Date.now()): string {
  const format = new Intl.RelativeTimeFormat(language(), { numeric: 'auto' });
  const seconds = Math.round((new Date(time).getTime() - now) / 1000);
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ];
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return format.format(seconds, 'second');
}

/** `7 days`, `1 hour`: a length of time in the largest unit that it is a whole number of. */
export function span(seconds: number): string {
  const steps: [string, number][] = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ];
  const [unit, length] = steps.find(([, length]) => seconds % length === 0) ?? ['second', 1];
  return new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / length);
}
