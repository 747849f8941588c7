// Members of a conversation, and one's own settings for it. Members come back by events.

import type { Membership } from '@/protocol.gen';
import type { Actions } from '../contract';
import type { Context } from './context';
import { account } from './context';

type Those = Pick<Actions, 'addMember' | 'updateMember' | 'removeMember' | 'updateMembership'>;

export function memberActions(context: Context): Those {
  const { rest } = context;
  return {
    addMember: async (id, userId) => {
      await rest.post(`/conversations/${id}/members`, { user_id: userId });
    },
    updateMember: async (id, userId, update) => {
      await rest.put(`/conversations/${id}/members/${userId}`, update);
    },
    removeMember: async (id, userId) => {
      await rest.delete(`/conversations/${id}/members/${userId}`);
    },
    updateMembership: async (id, update) => {
      const { store, views } = account(context);
      await views.patches.onMembership(id, update, async () => {
        const membership = await rest.put<Membership>(`/conversations/${id}/membership`, update);
        const { version } = membership;
        store.state.apply({ type: 'membership.updated', membership, version }, store.env.now());
      });
    },
  };
}
