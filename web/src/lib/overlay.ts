// What lies over the page: one overlay at a time, opened by any feature and shown by the app, which knows all features.
//
// An overlay has an entry of its own in the browser's history, at the same address, so that Back closes it: on a phone
// that is what everybody tries first. Closing it by other means takes the entry away again, and a way taken from within
// an overlay replaces it, so that Back never leads to an overlay that is gone.

import { useSyncExternalStore } from 'react';
import type { Message } from '@/protocol.gen';

export type DetailsTab = 'about' | 'members' | 'pins' | 'invitations' | 'settings';

export type Overlay =
  | { kind: 'profile'; userId: string }
  | { kind: 'details'; conversationId: string; tab?: DetailsTab }
  | { kind: 'create-conversation'; type: 'group' | 'channel' }
  | { kind: 'browse-channels' }
  | { kind: 'new-message' }
  | { kind: 'switcher' }
  | { kind: 'shortcuts' }
  | { kind: 'status' }
  | { kind: 'forward'; message: Message }
  | { kind: 'reactors'; message: Message; emoji: string }
  | { kind: 'jump-to-date'; conversationId: string };

const mark = 'laserchat.overlay';

let current: Overlay | null = null;
/** The entry is being taken away, which the browser does in its own time; what needs the history waits for it. */
let leaving = false;
let waiting: (() => void)[] = [];
const listeners = new Set<() => void>();

function set(overlay: Overlay | null): void {
  current = overlay;
  listeners.forEach((listener) => listener());
}

function onEntry(): boolean {
  const state: unknown = history.state;
  return typeof state === 'object' && state !== null && mark in state;
}

function whenSettled(act: () => void): void {
  if (leaving) waiting.push(act);
  else act();
}

export function openOverlay(overlay: Overlay): void {
  set(overlay);
  whenSettled(() => {
    if (current && !onEntry()) history.pushState({ [mark]: true }, '');
  });
}

export function closeOverlay(): void {
  if (!current) return;
  set(null);
  // Whoever closes it often goes somewhere in the same breath; then that takes the entry's place.
  setTimeout(() => {
    if (current || leaving || !onEntry()) return;
    leaving = true;
    history.back();
  });
}

/** Goes to another address. Everything that changes the address goes through here. */
export function go(to: string, options: { replace?: boolean } = {}): void {
  whenSettled(() => {
    const replace = options.replace === true || onEntry();
    if (current) set(null);
    history[replace ? 'replaceState' : 'pushState'](null, '', to);
  });
}

window.addEventListener('popstate', () => {
  if (leaving) {
    leaving = false;
    const acts = waiting;
    waiting = [];
    acts.forEach((act) => act());
  } else if (current && !onEntry()) {
    set(null);
  } else if (!current && onEntry()) {
    // Forward, to an overlay of the past.
    history.back();
  }
});

// After a reload the entry is still there, and the overlay is not.
if (onEntry()) history.replaceState(null, '');

export function useOverlay(): Overlay | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
