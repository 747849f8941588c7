// Keyboard shortcuts: the one list of them. The app and the open page put theirs in and take them out; the sheet shows
// what is there, so it cannot lie.

import { useSyncExternalStore } from 'react';
import type { TextKey } from './text';

export type ShortcutGroup = 'go' | 'make' | 'write' | 'help';

export interface Shortcut {
  /** Parts joined by `+`: `Mod` (Control, on a Mac Command), `Alt`, `Shift`, and a key as `KeyboardEvent.key` names it. */
  readonly keys: string;
  readonly label: TextKey;
  readonly group: ShortcutGroup;
  /** Absent: somebody else acts on it, such as the composer; it is here to be shown. */
  readonly run?: () => void;
}

export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

let all: readonly Shortcut[] = [];
const listeners = new Set<() => void>();

function set(next: readonly Shortcut[]): void {
  all = next;
  listeners.forEach((listener) => listener());
}

/** Adds shortcuts until the function that it returns is called. */
export function addShortcuts(added: readonly Shortcut[]): () => void {
  set([...all, ...added]);
  return () => set(all.filter((shortcut) => !added.includes(shortcut)));
}

export function shortcuts(): readonly Shortcut[] {
  return all;
}

export function useShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, shortcuts);
}

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** The key pressed. Where letters are not Latin, or Alt makes other signs of them, it goes by the place on the board. */
function keyOf({ key, code, altKey }: Pressed): string {
  const place = /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase();
  if (place && (altKey || !/^[a-z]$/i.test(key))) return place;
  return key.length === 1 ? key.toLowerCase() : key;
}

export function matches(keys: string, event: Pressed, mac = isMac): boolean {
  const parts = keys.split('+');
  const wanted = parts.at(-1) ?? '';
  const mod = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  // A sign such as `?` is made with Shift on some keyboards and without on others.
  const sign = wanted.length === 1 && !/[a-z0-9]/i.test(wanted);
  return (
    !other &&
    mod === parts.includes('Mod') &&
    event.altKey === parts.includes('Alt') &&
    (sign || event.shiftKey === parts.includes('Shift')) &&
    keyOf(event) === (wanted.length === 1 ? wanted.toLowerCase() : wanted)
  );
}

const names: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Enter: '↵',
};
const macNames: Record<string, string> = { Mod: '⌘', Alt: '⌥', Shift: '⇧' };

/** The keys as they are written on the keyboard. */
export function keyCaps(keys: string, mac = isMac): string[] {
  return keys.split('+').map((part) => {
    if (mac && macNames[part]) return macNames[part];
    if (part === 'Mod') return 'Ctrl';
    return names[part] ?? (part.length === 1 ? part.toUpperCase() : part);
  });
}
