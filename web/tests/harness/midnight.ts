// Days in a test that takes seconds: a browser in a time zone where midnight was at a chosen moment.

/** `seconds` since 1970. Time zones a second wide are nowhere on the map, but browsers know them. */
export function zoneWithMidnightAt(seconds: number): string {
  const late = seconds % 86_400;
  const [sign, offset] = late < 43_200 ? ['-', late] : ['+', 86_400 - late];
  const parts = [offset / 3600, (offset / 60) % 60, offset % 60];
  return `GMT${sign}${parts.map((part) => String(Math.floor(part)).padStart(2, '0')).join(':')}`;
}
