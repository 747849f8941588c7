// Reading, typing, being there, and drafts: what one's presence at the screen means for others and for later.

import type { Actions } from '../contract';
import type { Context } from './context';
import { account } from './context';

type Those = Pick<Actions, 'markRead' | 'typing' | 'setActivity' | 'setDraft'>;

export function cursorActions(context: Context): Those {
  return {
    markRead: (conversationId, seq) => {
      const { state } = account(context).store;
      account(context).markRead(conversationId, seq ?? state.head(conversationId));
    },
    typing: (conversationId, on) => account(context).views.typing.tell(conversationId, on),
    setActivity: (activity) => account(context).setActivity(activity),
    setDraft: (key, text) => account(context).views.drafts.set(key, text),
  };
}
