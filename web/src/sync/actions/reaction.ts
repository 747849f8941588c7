// Reactions: shown at once, and taken back if refused.

import type { Message } from '@/protocol.gen';
import type { Actions } from '../contract';
import type { Context } from './context';
import { account } from './context';

export function reactionActions(context: Context): Pick<Actions, 'react'> {
  return {
    react: async (message, emoji, on) => {
      const { store, views } = account(context);
      const path = `/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`;
      await views.patches.onMessage(
        message,
        (held) => reacted(held, emoji, on),
        async () => {
          const { rest } = context;
          store.takeMessage(await (on ? rest.put<Message>(path) : rest.delete<Message>(path)));
        },
      );
    },
  };
}

/** The message as it will be. Saying twice the same changes nothing. */
export function reacted(message: Message, emoji: string, on: boolean): Message {
  const held = message.reactions.find((reaction) => reaction.emoji === emoji);
  if ((held?.me ?? false) === on) return message;
  if (held === undefined) return { ...message, reactions: [...message.reactions, { emoji, count: 1, me: true }] };
  const count = held.count + (on ? 1 : -1);
  const reactions = message.reactions.flatMap((reaction) => {
    if (reaction !== held) return [reaction];
    return count > 0 ? [{ ...held, count, me: on }] : [];
  });
  return { ...message, reactions };
}
