// Islands: stretches of a conversation's log within which every message is held. A list of them is sorted, and no two
// of it touch.

import type { Island } from './types';

/** The list with one more stretch in it, grown together with whatever it touches. */
export function withIsland(islands: readonly Island[], added: Island): readonly Island[] {
  if (added.to < added.from) return islands;
  const before: Island[] = [];
  const after: Island[] = [];
  let { from, to } = added;
  for (const island of islands) {
    if (island.to + 1 < added.from) before.push(island);
    else if (island.from > added.to + 1) after.push(island);
    else if (island.from <= from && island.to >= to) return islands;
    else {
      from = Math.min(from, island.from);
      to = Math.max(to, island.to);
    }
  }
  return [...before, { from, to }, ...after];
}

export function islandAt(islands: readonly Island[], seq: number): Island | undefined {
  return islands.find((island) => island.from <= seq && seq <= island.to);
}

/** What of the islands lies within a stretch. */
export function clipped(islands: readonly Island[], within: Island): readonly Island[] {
  return islands
    .map(({ from, to }) => ({ from: Math.max(from, within.from), to: Math.min(to, within.to) }))
    .filter(({ from, to }) => from <= to);
}
