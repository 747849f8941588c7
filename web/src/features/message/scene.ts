// Where a message stands: what its row must know of the conversation to offer what is possible there, and nothing that
// changes with every message, or else all rows would render again with each one.

import { createContext, useContext } from 'react';
import type { ConversationKind, Role } from '@/protocol.gen';
import type { Surroundings } from '@/ui/markdown';

export interface Scene {
  readonly conversationId: string;
  readonly kind: ConversationKind;
  readonly me: string;
  /** One's role; null for somebody who only looks in. */
  readonly role: Role | null;
  /** Nothing can be changed any more. */
  readonly archived: boolean;
  /** The message whose thread this is; null in the main timeline. */
  readonly parentId: string | null;
  /** Who `@name` and what `#name` in a text is. */
  readonly resolve: Surroundings['resolve'];
  readonly resolveChannel: Surroundings['resolveChannel'];
}

export const SceneContext = createContext<Scene | null>(null);

export function useScene(): Scene {
  const scene = useContext(SceneContext);
  if (!scene) throw new Error('a message is shown outside of a conversation');
  return scene;
}
