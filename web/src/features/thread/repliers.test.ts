// Whose faces stand beside the number of replies.

import { expect, it } from 'vitest';
import { message } from '@/sync/state/testing/make';
import { repliers } from './repliers';

let seq = 0;
const reply = (parent_id: string | null, sender_id: string, deleted_at: string | null = null) =>
  message((seq += 1), { parent_id, sender_id, deleted_at });

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
