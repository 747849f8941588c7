// For how long notifications of a conversation rest.

/** As far as a time can be written: until one turns them on again. */
export const FOREVER = '9999-12-31T23:59:59.000Z';

export function isMuted(until: string | null | undefined, now = Date.now()): boolean {
  return typeof until === 'string' && new Date(until).getTime() > now;
}

export function isForever(until: string): boolean {
  return new Date(until).getUTCFullYear() >= 9000;
}

/** A time so many hours from now, as it travels. */
export function hoursFromNow(hours: number, now = Date.now()): string {
  return new Date(now + hours * 3_600_000).toISOString();
}
