// The emoji of this server: pictures that people use by name. The design system knows no server, so the app says how the
// list is loaded; it is loaded when the first name is seen that no usual emoji has.

import { useSyncExternalStore } from 'react';

export interface CustomSign {
  readonly name: string;
  /** The id of its picture. */
  readonly fileId: string;
}

type Load = () => Promise<readonly CustomSign[]>;

const NONE: ReadonlyMap<string, string> = new Map();
let source: Load | null = null;
let held = NONE;
let loading: Promise<void> | null = null;
/** Somebody has asked: whoever brings a source later loads at once. */
let needed = false;
const listeners = new Set<() => void>();

/** Says how the list is loaded; null when nobody is signed in. */
export function setCustomSource(load: Load | null): void {
  source = load;
  if (!load) take(NONE);
  else if (needed) void loadCustom();
}

function take(next: ReadonlyMap<string, string>): void {
  held = next;
  listeners.forEach((listener) => listener());
}

/** Loads the list, or loads it anew after it has changed. */
export function loadCustom(): Promise<void> {
  needed = true;
  if (!source) return Promise.resolve();
  loading ??= source()
    .then(
      (all) => take(new Map(all.map(({ name, fileId }) => [name, fileId]))),
      // Out of reach: names stay names until somebody asks again.
      () => undefined,
    )
    .finally(() => {
      loading = null;
    });
  return loading;
}

/** The list has changed: whoever uses it gets the new one. What is on its way may be the old one. */
export function refreshCustom(): void {
  if (needed) void Promise.resolve(loading).then(loadCustom);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!needed) void loadCustom();
  return () => listeners.delete(listener);
}

/** Ids of pictures by name. */
export function useCustomEmoji(): ReadonlyMap<string, string> {
  return useSyncExternalStore(subscribe, () => held);
}
