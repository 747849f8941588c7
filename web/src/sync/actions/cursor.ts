// Reading, typing, being there, and drafts: what one's presence at the screen means for others and for later.

import type { Actions } from '../contract';
import type { Context } from './context';
import { account } from './context';

type Those = Pick<Actions, 'markRead' | 'typing' | 'setActivity' | 'setDraft' | 'exchangeDrafts'>;

export function cursorActions(context: Context): Those {
  return {
    markRead: (conversationId, seq) => {
      const { state } = account(context).store;
      account(context).markRead(conversationId, seq ?? state.head(conversationId));
    },
    typing: (conversationId, on) => account(context).views.typing.tell(conversationId, on),
    setActivity: (activity) => account(context).setActivity(activity),
    setDraft: (key, text, from) => account(context).views.drafts.set(key, text, from),
    exchangeDrafts: () => account(context).exchangeDrafts(),
  };
}
