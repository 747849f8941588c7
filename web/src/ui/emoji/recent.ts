// Emoji that were used last in this browser, the newest first, and the skin tone that was chosen.

import type { SkinTone } from 'frimousse';
import { useSyncExternalStore } from 'react';

const MOST = 18;
const KEY = 'laserchat.emoji';
const TONES: readonly SkinTone[] = ['none', 'light', 'medium-light', 'medium', 'medium-dark', 'dark'];

interface Habits {
  readonly recent: readonly string[];
  readonly tone: SkinTone;
}

let habits = read();
const listeners = new Set<() => void>();

function read(): Habits {
  const nothing: Habits = { recent: [], tone: 'none' };
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return nothing;
    const recent: unknown[] = 'recent' in stored && Array.isArray(stored.recent) ? stored.recent : [];
    const tone = 'tone' in stored ? stored.tone : 'none';
    return {
      recent: recent.filter((entry) => typeof entry === 'string').slice(0, MOST),
      tone: TONES.find((known) => known === tone) ?? 'none',
    };
  } catch {
    return nothing;
  }
}

function write(next: Habits): void {
  habits = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Storage may be full or forbidden; it is then known in this tab only.
  }
  listeners.forEach((listener) => listener());
}

export function rememberEmoji(emoji: string): void {
  write({ ...habits, recent: [emoji, ...habits.recent.filter((other) => other !== emoji)].slice(0, MOST) });
}

export function rememberTone(tone: SkinTone): void {
  write({ ...habits, tone });
}

export function recentEmoji(): readonly string[] {
  return habits.recent;
}

export function useHabits(): Habits {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => habits,
  );
}
