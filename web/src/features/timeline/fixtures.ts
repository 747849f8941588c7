// Messages for tests, made of the few things that matter there.

import type { Message } from '@/protocol.gen';

export function message(seq: number, change: Partial<Message> = {}): Message {
  return {
    id: String(1000 + seq),
    conversation_id: '1',
    seq,
    changed: seq,
    sender_id: '20',
    client_id: `c${seq}`,
    type: 'text',
    body: `message ${seq}`,
    created_at: new Date(Date.UTC(2030, 0, 15, 12) + seq * 1000).toISOString(),
    edited_at: null,
    deleted_at: null,
    last_reply_at: null,
    parent_id: null,
    pinned_at: null,
    reply_count: 0,
    reactions: [],
    attachments: [],
    ...change,
  };
}
