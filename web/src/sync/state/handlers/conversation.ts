// Conversations: made, changed and deleted.

import type { ConversationChanged } from '@/protocol.gen';
import type { Core } from '../core';
import { enter, type Handlers, wantsOf } from './event';

function take(core: Core, event: ConversationChanged): boolean {
  const { conversation_id: id, conversation, seq } = event;
  const room = enter(core, id);
  room?.note(seq, true);
  room?.takeConversation(conversation);
  return wantsOf(core, id);
}

export const conversationHandlers: Handlers = {
  'conversation.created': take,
  'conversation.updated': take,
  'conversation.deleted': (core, { conversation_id: id }) => {
    if (core.rooms.has(id) || !core.hasLeft(id)) core.gone(id);
    return true;
  },
};
