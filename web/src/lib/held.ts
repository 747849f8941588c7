// What was typed into a form and not saved yet. It is kept in memory, so that going elsewhere and coming back loses
// nothing, and leaving the page altogether asks first.

import { useCallback, useEffect, useSyncExternalStore } from 'react';

const held = new Map<string, unknown>();
const listeners = new Set<() => void>();

function tell(): void {
  listeners.forEach((listener) => listener());
}

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export interface Held<T> {
  /** What is saved, with what was changed since on top of it. */
  readonly value: T;
  readonly changed: boolean;
  readonly change: (part: Partial<T>) => void;
  readonly drop: () => void;
}

/** `key` names the form and whose it is; `saved` is what the form would show untouched. */
export function useHeld<T extends object>(key: string, saved: T): Held<T> {
  const read = useCallback((): Partial<T> | undefined => {
    // Only this hook writes under the key, with parts of the same form.
    return held.get(key) as Partial<T> | undefined;
  }, [key]);
  const draft = useSyncExternalStore(subscribe, read);
  const value: T = { ...saved, ...draft };
  const names = Object.keys(saved) as (keyof T)[];
  const changed = names.some((name) => value[name] !== saved[name]);

  useEffect(() => {
    if (!changed) return undefined;
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [changed]);

  return {
    value,
    changed,
    change: useCallback(
      (part) => {
        held.set(key, { ...read(), ...part });
        tell();
      },
      [key, read],
    ),
    drop: useCallback(() => {
      held.delete(key);
      tell();
    }, [key]),
  };
}
