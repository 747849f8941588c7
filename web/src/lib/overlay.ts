// What lies over the page: one overlay at a time, opened by any feature and shown by the app, which knows all features.

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

let current: Overlay | null = null;
const listeners = new Set<() => void>();

function set(overlay: Overlay | null): void {
  current = overlay;
  listeners.forEach((listener) => listener());
}

export function openOverlay(overlay: Overlay): void {
  set(overlay);
}

export function closeOverlay(): void {
  if (current) set(null);
}

export function useOverlay(): Overlay | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
