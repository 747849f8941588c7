// Pins.

import type { Message } from '@/protocol.gen';
import type { Actions } from '../contract';
import type { Context } from './context';
import { account } from './context';

export function pinActions(context: Context): Pick<Actions, 'pin'> {
  return {
    pin: async (message, on) => {
      const { store } = account(context);
      const path = `/messages/${message.id}/pin`;
      const { rest } = context;
      store.takeMessage(await (on ? rest.put<Message>(path) : rest.delete<Message>(path)));
    },
  };
}
