// All time zones that this browser knows, with how far their clocks are from UTC now.

export interface Zone {
  readonly value: string;
  /** `Europe/Berlin (GMT+1)` */
  readonly label: string;
}

export function timeZones(now = Date.now()): readonly Zone[] {
  const names = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC']);
  return [...names].map((value) => ({ value, label: `${value.replaceAll('_', ' ')} (${offset(value, now)})` }));
}

function offset(timeZone: string, now: number): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' }).formatToParts(now);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
}
