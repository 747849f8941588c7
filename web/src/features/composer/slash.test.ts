// What a line that begins with a slash becomes.

import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { setLanguage } from '@/lib/text';
import { run } from './slash';

/** What was asked of others. */
const { opened, posted, answers } = vi.hoisted(() => ({
  opened: [] as unknown[],
  posted: [] as unknown[],
  answers: { commands: [] as { name: string }[] },
}));

vi.mock('@/sync', () => ({
  actions: {},
  api: {
    get: () => Promise.resolve({ items: answers.commands, next: null }),
    post: (path: string, body: object) => {
      posted.push({ path, ...body });
      return Promise.resolve({ response: 'sunny' });
    },
  },
  isOffline: () => false,
}));
vi.mock('@/lib/overlay', () => ({
  openOverlay: (overlay: unknown) => opened.push(overlay),
  go: () => undefined,
}));

beforeAll(() => setLanguage('en'));
afterEach(() => {
  opened.length = 0;
  posted.length = 0;
});

let conversation = 0;

function line(body: string, commands: readonly string[] = []) {
  answers.commands = commands.map((name) => ({ name }));
  // What is known of a conversation is kept, so each line has one of its own.
  conversation += 1;
  return run({ conversationId: String(conversation), parentId: undefined, body });
}

test('what is no command is sent as it is', async () => {
  expect(await line('hello')).toBe('hello');
  expect(await line('/etc/hosts')).toBe('/etc/hosts');
  expect(await line('/unknown thing')).toBe('/unknown thing');
  expect(posted).toEqual([]);
});

test('the client’s own become messages, or open something', async () => {
  expect(await line('/me waves')).toBe('_waves_');
  expect(await line('/shrug who knows')).toMatch(/^who knows ¯/);
  expect(await line('/me')).toBeNull();
  expect(await line('/poll Tea?')).toBeNull();
  expect(opened).toContainEqual({
    kind: 'create-poll',
    conversationId: String(conversation),
    question: 'Tea?',
  });
  expect(await line('/remind water the plants')).toBeNull();
  expect(opened).toContainEqual({ kind: 'remind', text: 'water the plants' });
});

test('a bot’s command is given to the server, and its answer shown', async () => {
  expect(await line('/Weather Berlin', ['weather'])).toBeNull();
  expect(posted).toMatchObject([{ path: `/conversations/${conversation}/commands`, text: '/Weather Berlin' }]);
  expect(opened).toContainEqual({ kind: 'command-answer', command: 'weather', text: 'sunny' });
});
