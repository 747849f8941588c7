// Drafts on two devices of one person: begun here, gone on with there, and nothing that is typed is lost.

import { expect, test } from 'vitest';
import type { Draft, Page } from '@/protocol.gen';
import { words, type App } from '../harness/app';
import type { Person } from '../harness/person';
import { stage } from '../harness/stage';

const play = stage();

async function twoDevices() {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Begun', ben);
  const path = `/c/${group.id}`;
  const [laptop, phone] = [await play.app(ada, {}, path), await play.app(ada, { screen: 'phone' }, path)];
  return { ada, ben, group, laptop, phone };
}

const shows = async (app: App, text: string) => await expect.poll(() => app.composer.box.inputValue()).toBe(text);
const kept = async (ada: Person) => (await ada.call<Page<Draft>>('GET', '/me/drafts')).items.map(({ body }) => body);

test('what is typed on one device is gone on with on the other, and sending clears it everywhere', async () => {
  const { ada, group, laptop, phone } = await twoDevices();
  await laptop.composer.type('Dear all');
  await shows(phone, 'Dear all');
  await phone.composer.box.press('End');
  await phone.composer.type(', see you at noon');
  await shows(laptop, 'Dear all, see you at noon');
  await laptop.composer.box.press('Enter');
  await shows(laptop, '');
  await shows(phone, '');
  await expect.poll(() => kept(ada)).toEqual([]);
  expect(await ada.texts(group)).toEqual(['Dear all, see you at noon']);
});

test('the list marks what was begun on another device', async () => {
  const { laptop, phone } = await twoDevices();
  await phone.page.goto('/');
  await laptop.composer.type('half a thought');
  await phone.shows(phone.row('Begun').getByText('half a thought'));
  await laptop.composer.box.fill('');
  await phone.hides(phone.row('Begun').getByText(words('conversations.draft')));
});

test('a thread has a draft of its own, on both', async () => {
  const { ben, group, laptop, phone } = await twoDevices();
  const parent = await ben.send(group, 'a thread');
  await Promise.all([laptop, phone].map((app) => app.page.goto(`/c/${group.id}/t/${parent.id}`)));
  await laptop.threadComposer.type('an answer');
  await expect.poll(() => phone.threadComposer.box.inputValue()).toBe('an answer');
  expect(await laptop.composer.box.inputValue()).toBe('');
});

test('whoever types keeps every letter, whatever another device does meanwhile', async () => {
  const { ada, group, laptop } = await twoDevices();
  const text = 'every letter of this stays where it was typed, in its order';
  const other = (async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      await ada.call('PUT', `/conversations/${group.id}/draft`, { body: `from elsewhere ${turn}` });
    }
  })();
  for (const letter of text) await laptop.page.keyboard.type(letter);
  await other;
  await expect.poll(() => laptop.composer.box.inputValue()).toContain(text);
  // Whoever goes on does so at the caret, not behind what was joined to it.
  await laptop.page.keyboard.type(', and on');
  await expect.poll(() => laptop.composer.box.inputValue()).toContain(`${text}, and on`);
  // What both have in the end is the same, with the words of both.
  const both = async () => [(await kept(ada))[0], await laptop.composer.box.inputValue()];
  await expect.poll(async () => new Set(await both()).size).toBe(1);
});

test('what was typed on both without a connection is joined, and nothing of it is lost', async () => {
  const { ada, laptop, phone } = await twoDevices();
  await laptop.composer.type('milk, eggs');
  await shows(phone, 'milk, eggs');
  await phone.page.context().setOffline(true);
  await phone.composer.box.fill('milk, six eggs');
  await laptop.composer.box.fill('oat milk, eggs');
  await expect.poll(() => kept(ada)).toEqual(['oat milk, eggs']);
  await phone.page.context().setOffline(false);
  await shows(phone, 'oat milk, six eggs');
  await shows(laptop, 'oat milk, six eggs');
});

test('what was typed without a connection survives closing the page, and comes to the other device later', async () => {
  const { laptop, phone } = await twoDevices();
  await laptop.installed();
  await laptop.composer.type('begun');
  await shows(phone, 'begun');
  const context = laptop.page.context();
  await context.setOffline(true);
  await laptop.composer.box.fill('begun and gone on with');
  await laptop.page.reload();
  await shows(laptop, 'begun and gone on with');
  await context.setOffline(false);
  await shows(phone, 'begun and gone on with');
});
