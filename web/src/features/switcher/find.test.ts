// What comes first is what is most likely meant.

import { beforeAll, expect, test } from 'vitest';
import { setLanguage, t } from '@/lib/text';
import type { ConversationEntry } from '@/sync';
import { find, type Known } from './find';

beforeAll(() => setLanguage('en'));

const at = '2030-01-01T00:00:00.000Z';

function entry(name: string, given: { unread?: number; archived?: boolean } = {}): ConversationEntry {
  const { unread = 0, archived = false } = given;
  return {
    conversation: {
      id: name,
      type: 'channel',
      name,
      topic: null,
      avatar: null,
      archived_at: archived ? at : null,
      changed: 1,
      created_at: at,
      created_by: '1',
      member_count: 2,
      public: true,
      read_only: false,
      slow_mode_seconds: 0,
      expire_seconds: null,
    },
    membership: {
      conversation_id: name,
      favourite: false,
      delivered: 0,
      read: 0,
      joined_at: at,
      mentions: 0,
      unread,
      role: 'member',
      state: 'joined',
      muted_until: null,
      notifications_muted_until: null,
      notify: 'default',
      version: 1,
    },
    peer: null,
    lastMessage: null,
    unread,
    mentions: 0,
  };
}

const nothing: Known = { entries: [], people: [], commands: [], current: null };
const keys = (groups: ReturnType<typeof find>) => groups.map(({ choices }) => choices.map(({ key }) => key));

test('nothing typed: what waits first, then what was used last, without where one is', () => {
  const entries = [entry('here'), entry('quiet'), entry('loud', { unread: 3 }), entry('old', { archived: true })];
  const groups = find('', { ...nothing, entries, current: 'here' }, t);
  expect(groups.map(({ title }) => title)).toEqual(['switcher.unread', 'switcher.recent']);
  expect(keys(groups)).toEqual([['loud'], ['quiet']]);
});

test('of equals the more recent comes first, and the archived last', () => {
  const entries = [entry('design old', { archived: true }), entry('design b'), entry('design a')];
  expect(keys(find('design', { ...nothing, entries }, t))).toEqual([['design b', 'design a', 'design old']]);
});

test('people and commands are found by their names', () => {
  const known: Known = {
    ...nothing,
    people: [{ id: '9', username: 'jose', display_name: 'José', avatar: null }],
    commands: [{ label: 'switcher.themeDark', run: () => undefined }],
  };
  expect(keys(find('jose', known, t))).toEqual([['9']]);
  expect(keys(find('dark', known, t))).toEqual([['switcher.themeDark']]);
});
