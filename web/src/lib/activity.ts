// Whether this person wants to be disturbed. Kept in this browser, and told to the server by the app.

import { useSyncExternalStore } from 'react';

export type Wish = 'active' | 'do_not_disturb';

const key = 'laserchat.activity';
const listeners = new Set<() => void>();
let current = read();

function read(): Wish {
  try {
    return localStorage.getItem(key) === 'do_not_disturb' ? 'do_not_disturb' : 'active';
  } catch {
    return 'active';
  }
}

export function wish(): Wish {
  return current;
}

export function setWish(next: Wish): void {
  current = next;
  try {
    localStorage.setItem(key, next);
  } catch {
    // It then holds for this tab.
  }
  listeners.forEach((listener) => listener());
}

window.addEventListener('storage', (event) => {
  if (event.key !== key) return;
  current = read();
  listeners.forEach((listener) => listener());
});

export function onWish(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useWish(): Wish {
  return useSyncExternalStore(onWish, wish);
}
