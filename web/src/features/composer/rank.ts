// Puts those first whose names begin with what was typed.

export interface Named {
  /** All that it is known by: user name, display name, words of it. */
  readonly names: readonly string[];
}

/** Letters without accents and case, so that `jose` finds José. */
export function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

export function ranked<T extends Named>(all: readonly T[], query: string, most: number): readonly T[] {
  const wanted = folded(query);
  if (!wanted) return all.slice(0, most);
  const groups: T[][] = [[], [], []];
  for (const one of all) {
    const rank = Math.min(...one.names.map((name) => rankOf(folded(name), wanted)));
    groups[rank]?.push(one);
  }
  return groups.flat().slice(0, most);
}

function rankOf(name: string, wanted: string): number {
  if (name.startsWith(wanted)) return 0;
  if (name.split(/[\s._-]+/u).some((word) => word.startsWith(wanted))) return 1;
  return name.includes(wanted) ? 2 : Number.POSITIVE_INFINITY;
}
