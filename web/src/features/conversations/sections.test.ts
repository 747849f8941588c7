// Everything is in exactly one section, and what waits to be seen is not hidden.

import { expect, test } from 'vitest';
import type { ConversationEntry } from '@/sync';
import { layOut, waiting, type Layout } from './sections';

interface Given {
  id: string;
  type?: 'direct' | 'group' | 'channel';
  favourite?: boolean;
  archived?: boolean;
  unread?: number;
  mentions?: number;
  muted?: boolean;
}

function entry({
  id,
  type = 'group',
  favourite = false,
  archived = false,
  unread = 0,
  mentions = 0,
  muted = false,
}: Given) {
  const at = '2030-01-01T00:00:00.000Z';
  const made: ConversationEntry = {
    conversation: {
      id,
      type,
      name: id,
      topic: null,
      avatar: null,
      archived_at: archived ? at : null,
      changed: 1,
      created_at: at,
      created_by: '1',
      member_count: 2,
      public: false,
      read_only: false,
      slow_mode_seconds: 0,
      expire_seconds: null,
    },
    membership: {
      conversation_id: id,
      favourite,
      delivered: 0,
      read: 0,
      joined_at: at,
      mentions,
      unread,
      muted_until: null,
      role: 'member',
      state: 'joined',
      version: 1,
      notifications_muted_until: muted ? '9999-01-01T00:00:00.000Z' : null,
      notify: 'default',
    },
    peer: null,
    lastMessage: null,
    unread,
    mentions,
  };
  return made;
}

const plainLayout: Layout = { closed: new Set(), current: null, filter: null, dragging: false };
const keys = (rows: ReturnType<typeof layOut>) => rows.map((row) => row.key);

test('sections stand in their order, and empty ones are left out', () => {
  const rows = layOut(
    [
      entry({ id: 'c', type: 'channel' }),
      entry({ id: 'd', type: 'direct' }),
      entry({ id: 'f', type: 'channel', favourite: true }),
      entry({ id: 'a', archived: true, favourite: true }),
    ],
    plainLayout,
  );
  expect(keys(rows)).toEqual(['favourites', 'f', 'direct', 'd', 'channels', 'c', 'archived', 'a']);
});

test('a closed section still shows the conversation that is open, and says what waits in it', () => {
  const rows = layOut([entry({ id: 'a', unread: 2 }), entry({ id: 'b' })], {
    ...plainLayout,
    closed: new Set(['groups']),
    current: 'b',
  });
  expect(keys(rows)).toEqual(['groups', 'b']);
  expect(rows[0]).toMatchObject({ open: false, unread: 2 });
});

test('filtering opens every section', () => {
  const rows = layOut([entry({ id: 'a' }), entry({ id: 'b' })], {
    ...plainLayout,
    closed: new Set(['groups']),
    filter: ({ conversation }) => conversation.id === 'a',
  });
  expect(keys(rows)).toEqual(['groups', 'a']);
});

test('while dragging there is a place to drop favourites', () => {
  expect(keys(layOut([entry({ id: 'a' })], { ...plainLayout, dragging: true }))).toEqual(['favourites', 'groups', 'a']);
});

test('of muted conversations only mentions wait', () => {
  expect(waiting(entry({ id: 'a', unread: 5, mentions: 1 }))).toBe(5);
  expect(waiting(entry({ id: 'a', unread: 5, mentions: 1, muted: true }))).toBe(1);
});
