// Whose faces stand beside the number of replies.

import { expect, it } from 'vitest';
import type { Message } from '@/protocol.gen';
import { repliers } from './repliers';

let seq = 0;
const reply = (parent_id: string | null, sender_id: string, deleted_at: string | null = null): Message => ({
  id: String((seq += 1)),
  conversation_id: '1',
  seq,
  changed: seq,
  sender_id,
  client_id: '',
  type: 'text',
  body: '',
  created_at: '',
  edited_at: null,
  last_reply_at: null,
  pinned_at: null,
  reply_count: 0,
  reactions: [],
  attachments: [],
  parent_id,
  deleted_at,
});

it('names those who replied last, each once', () => {
  const messages = [
    reply('a', 'ada'),
    reply('a', 'bo'),
    reply('b', 'cy'),
    reply(null, 'dee'),
    reply('a', 'cy'),
    reply('a', 'bo'),
    reply('a', 'eve', 'then'),
    reply('a', 'fay'),
  ];
  expect(Object.fromEntries(repliers(messages))).toEqual({ a: ['fay', 'bo', 'cy'], b: ['cy'] });
});
