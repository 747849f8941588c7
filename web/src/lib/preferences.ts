// How this browser shows things. Kept in this browser, the same in all of its tabs.

import { useSyncExternalStore } from 'react';
import { languages, type Language } from './text';

export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark';
  readonly density: 'comfortable' | 'compact';
  /** `auto`: a television is recognised by its browser. */
  readonly layout: 'auto' | 'desk' | 'tv';
  /** Absent: the browser's. */
  readonly language?: Language | undefined;
  readonly enterSends: boolean;
  readonly sound: boolean;
}

const defaults: Preferences = {
  theme: 'system',
  density: 'comfortable',
  layout: 'auto',
  enterSends: true,
  sound: false,
};

const key = 'laserchat.preferences';
const listeners = new Set<() => void>();
let current = read();

function read(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return defaults;
    const merged = { ...defaults, ...stored };
    // A language that a later version dropped must not leave the page without words.
    if (merged.language && !languages.includes(merged.language)) delete merged.language;
    return merged;
  } catch {
    return defaults;
  }
}

function tell(): void {
  listeners.forEach((listener) => listener());
}

window.addEventListener('storage', (event) => {
  if (event.key !== key) return;
  current = read();
  tell();
});

export function preferences(): Preferences {
  return current;
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(key, JSON.stringify(current));
  } catch {
    // Storage may be full or forbidden; the choice then holds for this tab.
  }
  tell();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, preferences);
}

export function onPreferences(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
