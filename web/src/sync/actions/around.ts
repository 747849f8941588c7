// What surrounds a message: votes in its poll, and previews of what it links to.

import type { Message } from '@/protocol.gen';
import type { Actions } from '../contract';
import type { Context } from './context';
import { account } from './context';

type Those = Pick<Actions, 'vote' | 'closePoll' | 'removePreviews'>;

export function aroundActions(context: Context): Those {
  const { rest } = context;
  return {
    vote: async (message, options) => {
      account(context).store.takeMessage(await rest.put<Message>(`/messages/${message.id}/vote`, { options }));
    },
    closePoll: async (message) => {
      account(context).store.takeMessage(await rest.put<Message>(`/messages/${message.id}/poll/close`));
    },
    removePreviews: async (message) => {
      account(context).store.takeMessage(await rest.delete<Message>(`/messages/${message.id}/previews`));
    },
  };
}
