// Messages: sent, changed and deleted. Reactions, pins and threads are parts of a message and come the same way.

import type { MessageChanged } from '@/protocol.gen';
import type { Core } from '../core';
import { isComplete, isSet } from '../message';
import { type Context, enter, type Handlers, wantsOf } from './event';

function take(core: Core, event: MessageChanged, { source }: Context): boolean {
  const { conversation_id: id, message, reaction, seq } = event;
  const room = enter(core, id);
  if (room !== null) {
    const news = room.note(seq, isComplete(message, source));
    room.takeMessage(message, source, news);
    if (isSet(reaction)) room.takeReaction(message.seq, reaction, message.changed, core.user);
    core.stopTyping(id, message.sender_id);
  }
  return wantsOf(core, id);
}

export const messageHandlers: Handlers = {
  'message.sent': take,
  'message.updated': take,
  'message.deleted': take,
};
