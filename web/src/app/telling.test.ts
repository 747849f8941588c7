// Of what an open tab tells.

import { expect, test } from 'vitest';
import type { ConversationKind, Message, NotificationSettings, Notify } from '@/protocol.gen';
import type { ConversationEntry } from '@/sync';
import { hasKeyword, isQuiet, worthTelling } from './telling';

const now = Date.parse('2030-01-02T12:00:00Z');
const at = new Date(now - 1000).toISOString();

const rules: NotificationSettings = {
  level: 'mentions',
  group: 'all',
  direct: 'all',
  keywords: [],
  quiet: null,
  hide_content: false,
  email: 'off',
  people: [],
  version: 1,
};

interface Given {
  type?: ConversationKind;
  message?: Partial<Message>;
  notify?: Notify;
  mutedUntil?: string;
  unread?: number;
}

function entry({ type = 'channel', message = {}, notify = 'default', mutedUntil, unread = 1 }: Given = {}) {
  const conversation = { id: '1', type, archived_at: null };
  const membership = { notify, notifications_muted_until: mutedUntil ?? null };
  const lastMessage = { id: '5', seq: 5, type: 'text', sender_id: '2', body: 'hello', created_at: at, ...message };
  // Only what the rules look at.
  return { conversation, membership, peer: null, lastMessage, unread, mentions: 0 } as unknown as ConversationEntry;
}

const tells = (given: Given, change: Partial<NotificationSettings> = {}) =>
  worthTelling(undefined, entry(given), { self: '1', rules: { ...rules, ...change }, zone: null, now });

test('each kind of conversation has its level', () => {
  expect(tells({ type: 'direct' })).toBe(true);
  expect(tells({ type: 'group' })).toBe(true);
  expect(tells({ type: 'channel' })).toBe(false);
  expect(tells({ type: 'channel' }, { level: 'all' })).toBe(true);
  expect(tells({ type: 'direct' }, { direct: 'none' })).toBe(false);
});

test('a mention or a keyword counts where not everything does', () => {
  expect(tells({ message: { mentions: ['1'] } })).toBe(true);
  expect(tells({ message: { mentions: ['3'] } })).toBe(false);
  expect(tells({ message: { mentions_all: 'channel' } })).toBe(true);
  expect(tells({ message: { body: 'the Deploy failed' } }, { keywords: ['deploy'] })).toBe(true);
  expect(tells({ message: { mentions: ['1'] } }, { level: 'none' })).toBe(false);
});

test('a conversation and a person can have a level of their own', () => {
  expect(tells({ notify: 'all' })).toBe(true);
  expect(tells({ type: 'direct', notify: 'none' })).toBe(false);
  expect(tells({}, { people: [{ user_id: '2', level: 'all' }] })).toBe(true);
  expect(tells({ notify: 'none' }, { people: [{ user_id: '2', level: 'all' }] })).toBe(false);
  expect(tells({ notify: 'all' }, { people: [{ user_id: '2', level: 'none' }] })).toBe(false);
  expect(tells({ type: 'group' }, { people: [{ user_id: '2', level: 'none' }] })).toBe(false);
});

test('not what is muted, old, read, one’s own or told already', () => {
  expect(tells({ type: 'direct', mutedUntil: '2031-01-01T00:00:00Z' })).toBe(false);
  expect(tells({ type: 'direct', mutedUntil: '2029-01-01T00:00:00Z' })).toBe(true);
  expect(tells({ type: 'direct', message: { created_at: '2030-01-02T11:00:00Z' } })).toBe(false);
  expect(tells({ type: 'direct', unread: 0 })).toBe(false);
  expect(tells({ type: 'direct', message: { sender_id: '1' } })).toBe(false);
  const known = entry({ type: 'direct' });
  expect(worthTelling(known, known, { self: '1', rules, zone: null, now })).toBe(false);
});

test('keywords are whole words in any script', () => {
  expect(hasKeyword('Deploy!', ['deploy'])).toBe(true);
  expect(hasKeyword('redeployed', ['deploy'])).toBe(false);
  expect(hasKeyword('redeploy, then deploy', ['deploy'])).toBe(true);
  expect(hasKeyword('Über uns', ['über'])).toBe(true);
  expect(hasKeyword('anything', [''])).toBe(false);
});

function wednesday(time: string): number {
  return Date.parse(`2030-01-02T${time}:00Z`);
}

test('quiet hours go over midnight, in the account’s time zone, on their days', () => {
  const quiet = { from: '22:00', to: '07:00', days: [3] };
  expect(isQuiet(quiet, null, wednesday('21:59'))).toBe(false);
  expect(isQuiet(quiet, null, wednesday('22:00'))).toBe(true);
  expect(isQuiet(quiet, null, wednesday('06:59'))).toBe(false);
  expect(isQuiet(quiet, null, wednesday('06:59') + 86_400_000)).toBe(true);
  expect(isQuiet(quiet, null, wednesday('07:00') + 86_400_000)).toBe(false);
  expect(isQuiet(quiet, 'Asia/Tokyo', wednesday('13:30'))).toBe(true);
  expect(isQuiet({ from: '09:00', to: '10:00', days: [3] }, null, wednesday('09:30'))).toBe(true);
  expect(isQuiet({ from: '09:00', to: '09:00', days: [3] }, null, wednesday('12:00'))).toBe(true);
  expect(isQuiet(null, null, wednesday('23:00'))).toBe(false);
});
