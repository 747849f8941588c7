// Conversations: making, changing, joining and leaving them. What the server answers is shown without waiting for events.

import type { Conversation, ConversationView } from '@/protocol.gen';
import type { Actions } from '../contract';
import type { Context } from './context';
import { account } from './context';

type Those = Pick<
  Actions,
  | 'createConversation'
  | 'openDirect'
  | 'updateConversation'
  | 'removeConversation'
  | 'join'
  | 'leave'
  | 'joinByInvitation'
>;

export function conversationActions(context: Context): Those {
  const { rest } = context;
  const take = (view: ConversationView): Conversation => {
    const { store } = account(context);
    store.state.answerConversation(view);
    store.changed();
    return view;
  };
  const gone = (id: string) => {
    const { store } = account(context);
    store.state.gone(id);
    store.changed();
  };
  return {
    createConversation: async (create) => take(await rest.post<ConversationView>('/conversations', create)),
    openDirect: async (userId) => {
      const { store } = account(context);
      const held = store.state.list()?.find((id) => store.state.room(id)?.peer?.id === userId);
      const room = held === undefined ? null : store.state.room(held);
      if (room !== null) return room.conversation;
      return take(await rest.post<ConversationView>('/conversations', { type: 'direct', members: [userId] }));
    },
    updateConversation: async (id, update) => {
      await rest.put(`/conversations/${id}`, update);
    },
    removeConversation: async (id) => {
      await rest.delete(`/conversations/${id}`);
      gone(id);
    },
    join: async (id) => {
      take(await rest.post<ConversationView>(`/conversations/${id}/join`));
    },
    leave: async (id) => {
      await rest.post(`/conversations/${id}/leave`);
    },
    joinByInvitation: async (code) => {
      const view = await rest.post<ConversationView | undefined>(`/invitations/${encodeURIComponent(code)}/join`);
      return view === undefined ? null : take(view);
    },
  };
}
