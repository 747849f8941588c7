// Slash commands of bots: offered while they are typed, and answered where only whoever gave them sees it.

import type { WebSocket } from 'ws';
import { expect, test } from 'vitest';
import type { BotCreated, Event, Invocation, Presence } from '@/protocol.gen';
import { words } from '../harness/app';
import { Person } from '../harness/person';
import { stage } from '../harness/stage';

const play = stage();

async function withBot() {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Players', ben);
  const made = await ada.call<BotCreated>('POST', '/bots', { username: `dice${group.id}`, display_name: 'Dice' });
  const bot = Person.with(play.server, made.bot, made.token.secret ?? '');
  await ada.call('POST', `/conversations/${group.id}/members`, { user_id: bot.id });
  await bot.call('PUT', '/commands/roll', { description: 'Rolls dice', usage: '[dice]' });
  return { ada, ben, group, bot, socket: await bot.connect() };
}

/** What the bot is told next. */
function invoked(socket: WebSocket): Promise<Invocation> {
  return new Promise((resolve) => {
    socket.on('message', (data: Buffer) => {
      const event = JSON.parse(data.toString('utf8')) as Event;
      if (event.type === 'command.invoked') resolve(event.invocation);
    });
  });
}

const only = words('slash.answer');

test('a command is completed, given, and answered for oneself', async () => {
  const { ada, ben, group, bot, socket } = await withBot();
  const [app, other] = [await play.app(ada, {}, `/c/${group.id}`), await play.app(ben, {}, `/c/${group.id}`)];
  await app.composer.type('/ro');
  await app.shows(app.page.getByRole('option').filter({ hasText: 'Rolls dice' }));
  await app.page.keyboard.press('Tab');
  expect(await app.composer.box.inputValue()).toBe('/roll ');
  await app.page.keyboard.type('2d6');
  const told = invoked(socket);
  await app.page.keyboard.press('Enter');
  const { id, arguments: dice } = await told;
  expect(dice).toBe('2d6');
  await app.shows(app.says(words('slash.waiting', { bot: 'Dice' })));
  await bot.call('POST', `/commands/answers/${id}`, { response_type: 'ephemeral', text: 'You rolled **eleven**' });
  const line = app.main.getByRole('region', { name: only });
  await app.shows(line.getByText('eleven'));
  expect(await ada.texts(group)).toEqual([]);
  expect(await other.says('eleven').count()).toBe(0);
  await line.getByRole('button', { name: words('slash.dismiss') }).click();
  await app.hides(line);
});

test('an answer for all is a message of the bot, and leaves no line', async () => {
  const { ada, ben, group, bot, socket } = await withBot();
  const [app, other] = [await play.app(ada, {}, `/c/${group.id}`), await play.app(ben, {}, `/c/${group.id}`)];
  const told = invoked(socket);
  await app.composer.send('/roll 1d6');
  const { id } = await told;
  await bot.call('POST', `/commands/answers/${id}`, { response_type: 'in_channel', text: 'A four' });
  await app.shows(app.message('A four'));
  await other.shows(other.message('A four'));
  await app.hides(app.main.getByRole('region', { name: only }));
});

test('a bot that is not there is said to be out of reach', async () => {
  const { ada, group, bot, socket } = await withBot();
  socket.close();
  const presence = () => ada.call<Presence>('GET', `/users/${bot.id}/presence`);
  await expect.poll(presence).toMatchObject({ status: 'offline' });
  const app = await play.app(ada, {}, `/c/${group.id}`);
  await app.composer.send('/roll 1d6');
  await app.shows(app.says(words('slash.offline', { bot: 'Dice' })));
});
