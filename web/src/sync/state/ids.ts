// Ids are 64-bit numbers that travel as text, because JavaScript's numbers cannot hold them. Their order in time is that
// of the numbers: the longer one is the larger.

export function compareIds(one: string, other: string): number {
  if (one.length !== other.length) return one.length - other.length;
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
