// What time it is for somebody else.

/** `14:05`, by their clock. Null for a time zone that this browser does not know. */
export function localTime(timeZone: string, language: string, now: number): string | null {
  try {
    return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', timeZone }).format(now);
  } catch {
    return null;
  }
}

/** By how many hours their clock is ahead of the one here. */
export function hoursAhead(timeZone: string, now: number, here?: string): number {
  return Math.round((wallClock(timeZone, now) - wallClock(here, now)) / 900_000) / 4;
}

/** What a clock there shows, as if it were a time in UTC. */
function wallClock(timeZone: string | undefined, now: number): number {
  const parts = new Intl.DateTimeFormat('en', {
    ...(timeZone && { timeZone }),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(now);
  const part = (name: string) => Number(parts.find(({ type }) => type === name)?.value ?? 0);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
}
