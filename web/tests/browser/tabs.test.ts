// Several tabs of one person: one connection, one state.

import { expect, test } from 'vitest';
import { stage } from '../harness/stage';

const play = stage();
const connections = () => play.server.metric('laserchat_connections');

test('tabs share one connection and show the same', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Two tabs', ben);
  const first = await play.app(ada);
  await first.open('Two tabs');
  await expect.poll(connections).toBe(1);

  const second = await first.another();
  await second.open('Two tabs');
  await ben.send(group, 'Hello to both of you');
  await first.shows(first.message('Hello to both of you'));
  await second.shows(second.message('Hello to both of you'));
  expect(await connections()).toBe(1);

  await first.composer.send('From the first');
  await second.shows(second.message('From the first'));
  await second.composer.send('From the second');
  await first.shows(first.message('From the second'));
  await expect.poll(() => ben.texts(group)).toEqual(['Hello to both of you', 'From the first', 'From the second']);
});

test('when the tab that holds the connection is closed, another takes over', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Heirs', ben);
  const first = await play.app(ada);
  await first.open('Heirs');
  await expect.poll(connections).toBe(1);
  const second = await first.another();
  await second.open('Heirs');

  await first.page.close();
  await ben.send(group, 'Still there?');
  await second.shows(second.message('Still there?'));
  await second.composer.send('I am');
  await expect.poll(() => ben.texts(group)).toEqual(['Still there?', 'I am']);
  await expect.poll(connections).toBe(1);
});

test('what is read in one tab is read in the other', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Reading', ben);
  const first = await play.app(ada);
  const second = await first.another();
  await ben.send(group, 'One');
  await ben.send(group, 'Two');
  await second.shows(second.unread('Reading', 2));

  await first.open('Reading');
  await first.shows(first.message('Two'));
  await second.hides(second.unread('Reading', 2));
});

test('signing out in one tab signs out the other', async () => {
  const ada = await play.person('Ada');
  const first = await play.app(ada);
  const second = await first.another();
  await second.shows(second.list);
  await first.signOut();
  await second.shows(second.field('auth.password'));
});
