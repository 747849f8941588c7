// What a conversation is called: by its name, by the other person, or, for a group without a name, just a group.

import type { Conversation, Message, UserSummary } from '@/protocol.gen';
import type { Translate } from './text';

/** `self`: one's own id; a direct conversation with oneself is one's notes. */
export function conversationName(
  conversation: Pick<Conversation, 'type' | 'name'>,
  peer: UserSummary | null,
  self: string | undefined,
  t: Translate,
): string {
  if (conversation.type === 'direct') {
    if (!peer) return t('common.unknownUser');
    return peer.id === self ? t('common.notes') : peer.display_name;
  }
  return conversation.name ?? t('common.unnamedGroup');
}

/** What a message says in words: its text, or else what its files are called. */
export function saidIn({ body, attachments }: Pick<Message, 'body' | 'attachments'>): string {
  return body || attachments.map(({ name }) => name).join(', ');
}
