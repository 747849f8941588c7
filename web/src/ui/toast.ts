// Short messages that come and go by themselves, said from anywhere.

import { useSyncExternalStore } from 'react';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: 'note' | 'problem';
  readonly action?: { label: string; run: () => void };
}

const LIFE = 6000;
const MOST = 3;

let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  listeners.forEach((listener) => listener());
}

export function toast(text: string, options: Partial<Pick<Toast, 'kind' | 'action'>> = {}): void {
  const made: Toast = { id: ++last, text, kind: 'note', ...options };
  set([...toasts.filter((shown) => shown.text !== text), made].slice(-MOST));
  setTimeout(() => dismiss(made.id), LIFE);
}

export function dismiss(id: number): void {
  set(toasts.filter((shown) => shown.id !== id));
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
}
