// Commands by REST: where events come by another way than a WebSocket, each command has a request that does the same.

import type { Ack, Command, Message } from '@/protocol.gen';
import type { Rest } from '../api/rest';
import { Refused } from '../refusal';

export async function carryOut(rest: Rest, command: Command): Promise<Ack> {
  switch (command.type) {
    case 'message.send': {
      // Whatever a message has goes along, also what it may have one day.
      const { type: _, conversation_id, ...send } = command;
      const message = await rest.post<Message>(`/conversations/${conversation_id}/messages`, send);
      return { id: 0, message_id: message.id, conversation_id, seq: message.seq };
    }
    case 'cursor.read':
      await rest.put(`/conversations/${command.conversation_id}/read`, { seq: command.seq });
      return { id: 0 };
    case 'ping':
      return { id: 0 };
    default:
      // Signals need a connection that goes both ways.
      throw new Refused({ code: 'unknown_command', title: 'This needs a WebSocket.' });
  }
}
