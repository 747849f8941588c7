// Messages: sending by the outbox, and changing what is sent.

import type { Message } from '@/protocol.gen';
import type { Actions } from '../contract';
import type { Context } from './context';
import { account } from './context';

type Those = Pick<Actions, 'send' | 'files' | 'retry' | 'discard' | 'edit' | 'remove' | 'follow' | 'forward'>;

export function messageActions(context: Context): Those {
  const { rest } = context;
  return {
    send: (conversationId, body, parentId, files = []) => {
      const { views, uploads } = account(context);
      views.typing.tell(conversationId, false);
      const sent = files.map(({ id, file }) => ({ upload: id, fileId: file?.id ?? null }));
      const clientId = account(context).send(
        conversationId,
        body,
        parentId ?? null,
        sent.length > 0 ? sent : undefined,
      );
      uploads.move(files, clientId);
      return clientId;
    },
    files: async () => await account(context).uploads.open(),
    retry: (clientId) => account(context).retry(clientId),
    discard: (clientId) => account(context).discard(clientId),
    edit: async (message, body) => {
      account(context).store.takeMessage(await rest.put<Message>(`/messages/${message.id}`, { body }));
    },
    remove: async (message) => {
      account(context).store.takeMessage(await rest.delete<Message>(`/messages/${message.id}`));
    },
    follow: async (message, on) => {
      const path = `/messages/${message.id}/follow`;
      await (on ? rest.put(path) : rest.delete(path));
      account(context).store.takeMessage(await rest.get<Message>(`/messages/${message.id}`));
    },
    forward: async (message, conversationId) => {
      const body = { client_id: crypto.randomUUID(), conversation_id: conversationId };
      account(context).store.takeMessage(await rest.post<Message>(`/messages/${message.id}/forward`, body));
    },
  };
}
