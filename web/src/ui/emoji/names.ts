// Emoji by name, for texts and for the completion of names. The table is loaded when the first name is seen.

import { useMemo, useSyncExternalStore } from 'react';
import type { NamedEmoji } from './table';

let held: { table: readonly NamedEmoji[]; byName: ReadonlyMap<string, string> } | null = null;
let loading: Promise<void> | null = null;
const listeners = new Set<() => void>();

export function loadEmojiNames(): Promise<void> {
  loading ??= import('./table').then(
    (module) => {
      held = module;
      listeners.forEach((listener) => listener());
    },
    () => {
      loading = null;
    },
  );
  return loading;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  void loadEmojiNames();
  return () => listeners.delete(listener);
}

const never = () => () => {};

/** The emoji of each name; null while they are being loaded, or when they are not `needed`. */
export function useEmojiNames(needed: boolean): ReadonlyMap<string, string> | null {
  return useSyncExternalStore(needed ? subscribe : never, () => (needed ? (held?.byName ?? null) : null));
}

const EMPTY: readonly NamedEmoji[] = [];

/** Names that fit what was typed: those that begin with it first, then those that have a part that does. */
export function useEmojiSearch(query: string, most = 8): readonly NamedEmoji[] {
  const table = useSyncExternalStore(subscribe, () => held?.table ?? EMPTY);
  return useMemo(() => search(table, query, most), [table, query, most]);
}

export function search(table: readonly NamedEmoji[], query: string, most: number): readonly NamedEmoji[] {
  const wanted = query.toLowerCase();
  const ranked: NamedEmoji[][] = [[], [], [], []];
  for (const entry of table) {
    const rank = rankOf(entry.name, wanted);
    if (rank !== null) ranked[rank]?.push(entry);
  }
  const seen = new Set<string>();
  const best = ranked.flatMap((group) => group.toSorted((a, b) => a.name.length - b.name.length));
  return best.filter(({ emoji }) => !seen.has(emoji) && seen.add(emoji)).slice(0, most);
}

function rankOf(name: string, wanted: string): number | null {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.includes(`_${wanted}`)) return 2;
  return wanted.length > 1 && name.includes(wanted) ? 3 : null;
}
