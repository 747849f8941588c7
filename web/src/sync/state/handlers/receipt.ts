// Receipts: how far somebody has received and read. They have no number, and only move forward.

import type { Handlers } from './event';

export const receiptHandlers: Handlers = {
  'message.delivered': (core, { conversation_id: id, user_id, seq }) => {
    core.rooms.get(id)?.takeReceipt({ user_id, delivered: seq, read: 0 });
    return false;
  },
  'message.read': (core, { conversation_id: id, user_id, seq }) => {
    core.rooms.get(id)?.takeReceipt({ user_id, delivered: seq, read: seq });
    return false;
  },
};
