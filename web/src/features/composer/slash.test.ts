// What a line that begins with a slash becomes.

import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { renderHook } from '@testing-library/react';
import { setLanguage } from '@/lib/text';
import type { CommandAnswered } from '@/protocol.gen';
import { drop, isDone, take, useLines } from './answers';
import { run } from './slash';

/** What was asked of others. */
const { opened, posted, answers } = vi.hoisted(() => ({
  opened: [] as unknown[],
  posted: [] as unknown[],
  answers: { commands: [] as { name: string; bot: { username: string; display_name: string } }[], given: {} },
}));

vi.mock('@/sync', () => ({
  actions: {},
  api: {
    get: () => Promise.resolve({ items: answers.commands, next: null }),
    post: (path: string, body: object) => {
      posted.push({ path, ...body });
      return answers.given instanceof Error ? Promise.reject(answers.given) : Promise.resolve(answers.given);
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
  answers.commands = commands.map((name) => {
    const [command = '', username = 'skye'] = name.split('@');
    return { name: command, bot: { username, display_name: username } };
  });
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

const bot = { id: '7', username: 'skye', display_name: 'Skye', avatar: null };
const came = (more: Partial<CommandAnswered> = {}): CommandAnswered => ({
  invocation_id: '1',
  conversation_id: String(conversation),
  command: 'weather',
  bot,
  ...more,
});
const lines = () => renderHook(() => useLines(String(conversation))).result.current;

test('a bot’s command is given to the server, and its answer shown to oneself', async () => {
  answers.given = came({ response: 'sunny' });
  expect(await line('/Weather Berlin', ['weather'])).toBeNull();
  expect(posted).toMatchObject([{ path: `/conversations/${conversation}/commands`, text: '/Weather Berlin' }]);
  const [shown] = lines();
  expect(shown).toMatchObject({ text: '/Weather Berlin', bot: 'Skye', answered: { response: 'sunny' } });
  drop(shown?.id ?? '');
  expect(lines()).toEqual([]);
});

test('an answer that takes its time replaces the waiting, once', async () => {
  answers.given = came();
  await line('/weather', ['weather']);
  const id = lines()[0]?.id ?? '';
  expect(lines().map(isDone)).toEqual([false]);
  take(id, came({ failure: 'no_answer' }));
  take(id, came({ response: 'late' }));
  expect(lines()[0]?.answered?.failure).toBe('no_answer');
});

test('what the bot says to all is no line of its own, and neither is what is refused', async () => {
  answers.given = came({ message: {} as NonNullable<CommandAnswered['message']> });
  await line('/weather', ['weather']);
  expect(lines()).toEqual([]);
  answers.given = new Error('muted');
  await expect(line('/weather', ['weather'])).rejects.toThrow('muted');
  expect(lines()).toEqual([]);
  answers.given = came();
});

test('of two bots with the same command the name says which', async () => {
  expect(await line('/weather@cloud', ['weather@skye', 'weather@cloud'])).toBeNull();
  expect(posted).toMatchObject([{ text: '/weather@cloud' }]);
  expect(await line('/weather@nobody', ['weather@skye'])).toBe('/weather@nobody');
  // The client has a command of its own under this name; the bot's is meant with its bot.
  expect(await line('/me@skye', ['me@skye'])).toBeNull();
});
