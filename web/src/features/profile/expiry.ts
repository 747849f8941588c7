// When a custom status ends.

export const lifetimes = ['never', 'half-hour', 'hour', 'four-hours', 'today', 'week', 'custom'] as const;
export type Lifetime = (typeof lifetimes)[number];

const MINUTE = 60_000;

/** As it travels; null for never. `custom` is what the date field holds, in local time. */
export function expiresAt(lifetime: Lifetime, custom: string, now: Date): string | null {
  const later = (minutes: number) => new Date(now.getTime() + minutes * MINUTE).toISOString();
  const time = new Date(custom);
  switch (lifetime) {
    case 'never':
      return null;
    case 'half-hour':
      return later(30);
    case 'hour':
      return later(60);
    case 'four-hours':
      return later(240);
    case 'today':
      return midnightAfter(now, 0).toISOString();
    case 'week':
      // Until Sunday night: weeks begin on Monday.
      return midnightAfter(now, (7 - now.getDay()) % 7).toISOString();
    default:
      return Number.isNaN(time.getTime()) ? null : time.toISOString();
  }
}

/** The end of the day so many days from now. */
function midnightAfter(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days + 1);
}

/** A time as a date field of the browser holds it, in local time. */
export function fieldTime(time: Date): string {
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date}T${two(time.getHours())}:${two(time.getMinutes())}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
