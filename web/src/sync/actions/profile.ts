// One's own profile and account.

import type { Account, User } from '@/protocol.gen';
import type { Actions } from '../contract';
import type { Context } from './context';
import { account } from './context';

type Those = Pick<Actions, 'updateProfile' | 'updateAccount' | 'deleteAccount'>;

export function profileActions(context: Context): Those {
  const { rest } = context;
  return {
    deleteAccount: async (password) => await rest.run({ method: 'DELETE', path: '/me', body: { password } }),
    updateProfile: async (update) => {
      const { store } = account(context);
      const user = await rest.put<User>(`/users/${store.userId}/profile`, update);
      store.state.answerUsers([user]);
      store.changed();
    },
    updateAccount: async (update) => {
      const { store } = account(context);
      store.state.answerAccount(await rest.put<Account>('/me', update));
      store.changed();
    },
  };
}
