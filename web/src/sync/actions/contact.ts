// Contacts and blocks. What they become is told by events, to all of one's devices.

import type { Actions } from '../contract';
import type { Context } from './context';

type Those = Pick<Actions, 'requestContact' | 'acceptContact' | 'removeContact' | 'block'>;

export function contactActions({ rest }: Context): Those {
  return {
    requestContact: async (userId) => await rest.put(`/contacts/${userId}`),
    acceptContact: async (userId) => await rest.post(`/contacts/${userId}/accept`),
    removeContact: async (userId) => await rest.delete(`/contacts/${userId}`),
    block: async (userId, on) => {
      const path = `/contacts/${userId}/block`;
      await (on ? rest.put(path) : rest.delete(path));
    },
  };
}
