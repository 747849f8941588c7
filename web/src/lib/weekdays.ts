// The days of the week in the reader's language, from the day that a week begins on where they live.

import { locale } from './text';

export interface Weekday {
  /** 0 is Sunday. */
  readonly day: number;
  readonly short: string;
  readonly long: string;
}

/** 0 is Sunday. Browsers that do not know are told what most of the world does. */
function firstDay(): number {
  const here = new Intl.Locale(locale());
  const info: unknown =
    'getWeekInfo' in here && typeof here.getWeekInfo === 'function'
      ? here.getWeekInfo()
      : 'weekInfo' in here
        ? here.weekInfo
        : null;
  const first = typeof info === 'object' && info !== null && 'firstDay' in info ? info.firstDay : 1;
  return typeof first === 'number' ? first % 7 : 1;
}

function named(style: 'short' | 'long', day: number): string {
  // The fourth of January 1970 was a Sunday.
  const time = new Date((3 + day) * 86_400_000);
  return new Intl.DateTimeFormat(locale(), { weekday: style, timeZone: 'UTC' }).format(time);
}

export function weekdays(): readonly Weekday[] {
  const first = firstDay();
  return Array.from({ length: 7 }, (_, index) => {
    const day = (first + index) % 7;
    return { day, short: named('short', day), long: named('long', day) };
  });
}
