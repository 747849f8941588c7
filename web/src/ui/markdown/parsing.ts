// Keeps the parser and what it read. The parser is not needed before the app is usable: until it is there, messages are
// shown as they were typed, and are drawn again when it has come.

import { useSyncExternalStore, type ReactNode } from 'react';

type Draw = (text: string) => ReactNode;

let draw: Draw | null = null;
let loading: Promise<void> | null = null;
const listeners = new Set<() => void>();

/** Loads the parser, once. A failure (no connection) is forgotten, so that the next message tries again. */
export function loadMarkdown(): Promise<void> {
  loading ??= import('./Formatted').then(
    (module) => {
      draw = module.drawFormatted;
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
  void loadMarkdown();
  return () => listeners.delete(listener);
}

/** What draws formatted text, or null while it is being loaded. Whoever asks starts the loading. */
export function useFormatted(): Draw | null {
  return useSyncExternalStore(subscribe, () => draw);
}

// What CommonMark could see as anything but words, and addresses, which become links by themselves.
const MARKED =
  /[*_~`[\]<>\\|&]|:\/\/|www\.|\S@[^\s@]+\.[^\s@]|^[ \t]*(?:#{1,6}(?:\s|$)|[-+](?:\s|$)|\d{1,9}[.)](?:\s|$))|^(?: {4}|\t)|^[ \t]*(?:[-=]+)[ \t]*$| {2}\n/mu;

/** Whether a text has anything in it that needs the parser. Most messages have not. */
export function isMarked(text: string): boolean {
  return MARKED.test(text);
}
