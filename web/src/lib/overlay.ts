// What lies over the page: one overlay at a time, opened by any feature and shown by the app, which knows all features.
// Only the details of a conversation stay where they are under what is opened from them, such as somebody's profile.
//
// An overlay has an entry of its own in the browser's history, at the same address, so that Back closes it: on a phone
// that is what everybody tries first. Closing it by other means takes the entry away again, and a way taken from within
// an overlay replaces it, so that Back never leads to an overlay that is gone.

import { useSyncExternalStore } from 'react';
import type { Message } from '@/protocol.gen';

export type DetailsTab = 'about' | 'members' | 'pins' | 'files' | 'invitations' | 'webhooks' | 'settings';

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
  | { kind: 'jump-to-date'; conversationId: string }
  /** A picture or film, with the others of its message, or of the whole conversation when it was opened from there. */
  | { kind: 'viewer'; conversationId: string; fileId: string; message?: Message }
  | { kind: 'schedule'; message: Unsent; onDone: () => void }
  | { kind: 'remind'; message?: Message; text?: string }
  | { kind: 'create-poll'; conversationId: string; parentId?: string; question?: string }
  | { kind: 'voters'; messageId: string; option: number; text: string };

/** What a composer holds. */
export interface Unsent {
  readonly conversation_id: string;
  readonly parent_id?: string | null;
  readonly body: string;
  readonly files?: string[];
}

const mark = 'laserchat.overlay';

const none: readonly Overlay[] = [];

/** The uppermost last. */
let stack = none;
/** Entries are being taken away, which the browser does in its own time; what needs the history waits for it. */
let leaving = false;
let waiting: (() => void)[] = [];
const listeners = new Set<() => void>();

function set(overlays: readonly Overlay[]): void {
  stack = overlays;
  listeners.forEach((listener) => listener());
}

/** How many entries of overlays the browser stands on. */
function depth(): number {
  const state: unknown = history.state;
  if (typeof state !== 'object' || state === null || !(mark in state)) return 0;
  return Number(state[mark]);
}

function whenSettled(act: () => void): void {
  if (leaving) waiting.push(act);
  else act();
}

function leave(entries: number): void {
  leaving = true;
  history.go(-entries);
}

/** Makes as many entries as there are overlays, or takes away those that are too many. */
function align(): void {
  while (depth() < stack.length) history.pushState({ [mark]: depth() + 1 }, '');
  if (depth() > stack.length) leave(depth() - stack.length);
}

export function openOverlay(overlay: Overlay): void {
  const [lowest] = stack;
  set(lowest?.kind === 'details' && overlay.kind !== 'details' ? [lowest, overlay] : [overlay]);
  whenSettled(align);
}

export function closeOverlay(): void {
  if (stack.length === 0) return;
  set(stack.slice(0, -1));
  // Whoever closes it often goes somewhere in the same breath; then that takes the entry's place.
  setTimeout(() => whenSettled(align));
}

/** Goes to another address. Everything that changes the address goes through here. */
export function go(to: string, options: { replace?: boolean } = {}): void {
  whenSettled(() => {
    if (depth() > 1) {
      leave(depth() - 1);
      waiting.push(() => go(to, options));
      return;
    }
    const replace = options.replace === true || depth() === 1;
    if (stack.length > 0) set(none);
    history[replace ? 'replaceState' : 'pushState'](null, '', to);
  });
}

window.addEventListener('popstate', () => {
  if (leaving) {
    leaving = false;
    const acts = waiting;
    waiting = [];
    acts.forEach((act) => act());
  } else if (depth() < stack.length) {
    set(stack.slice(0, depth()));
  } else if (depth() > stack.length) {
    // Forward, to an overlay of the past.
    leave(depth() - stack.length);
  }
});

// After a reload the entry is still there, and the overlay is not.
if (depth() > 0) history.replaceState(null, '');

/** What lies over the page, the uppermost last. */
export function useOverlays(): readonly Overlay[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => stack,
  );
}
