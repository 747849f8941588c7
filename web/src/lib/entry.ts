// What the list, the switcher and the page's title call a conversation, without knowing who is asking.

import type { Conversation, UserSummary } from '@/protocol.gen';
import { conversationName } from './naming';
import type { Translate } from './text';

export interface Named {
  readonly conversation: Pick<Conversation, 'type' | 'name' | 'member_count'>;
  readonly peer: UserSummary | null;
}

/** A direct conversation with nobody but oneself: a place for notes. */
export function isNotes({ conversation }: Named): boolean {
  return conversation.type === 'direct' && conversation.member_count === 1;
}

export function nameOf(named: Named, t: Translate): string {
  const self = isNotes(named) ? named.peer?.id : undefined;
  return conversationName(named.conversation, named.peer, self, t);
}
