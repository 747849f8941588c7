// What the composer of a conversation or thread is busy with besides a new message: editing one, or answering one with a
// quote. The message's menu sets it, the composer shows it; neither needs to know the other.

import { useSyncExternalStore } from 'react';
import type { Message } from '@/protocol.gen';

export type Composing = { readonly mode: 'edit' | 'quote'; readonly message: Message };

const held = new Map<string, Composing>();
const listeners = new Set<() => void>();

/** The composer's place: a conversation, or a thread in it. The same as the key of its draft. */
export function composerKey(conversationId: string, parentId?: string | null): string {
  return parentId ? `${conversationId}/${parentId}` : conversationId;
}

export function setComposing(key: string, composing: Composing | null): void {
  if (composing) held.set(key, composing);
  else held.delete(key);
  listeners.forEach((listener) => listener());
}

export function useComposing(key: string): Composing | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => held.get(key) ?? null,
  );
}
