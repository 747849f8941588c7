// Drafts are the same on all devices, and nothing that is typed is lost: not by another device, nor by a lost connection.

import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Draft, Page } from '@/protocol.gen';
import type { Tab } from './browser';
import { until } from './until';
import { World } from './world';

let world: World;
let tab: Tab;

beforeEach(async () => {
  world = await World.make();
  tab = await world.browser.tab();
  await tab.sync.actions.signIn(world.ann.grant);
  await tab.live();
  await tab.sync.actions.exchangeDrafts();
});

afterEach(async () => await world.end());

const text = (of = tab, key = world.room) => of.account().views.drafts.text(key);
const type = (words: string, from?: string) => tab.sync.actions.setDraft(world.room, words, from);
const there = async () => (await world.ann.ask<Page<Draft>>('GET', '/me/drafts')).items;
const bodies = async () => (await there()).map(({ body }) => body);
/** As another device does it. */
const elsewhere = (body: string, more: object = {}) =>
  world.ann.ask<Draft>('PUT', `/conversations/${world.room}/draft`, { body, ...more });
const told = (body: string) => until(`the server has ${body}`, async () => (await bodies()).join() === body);
const here = (body: string, of = tab) => until(`it says ${body} here`, () => text(of) === body);

/** What is typed next is told on top of what the server has. */
async function agreed(): Promise<void> {
  const ours = () => tab.account().store.state.draft(world.room)?.body === text();
  await until('both have the same', async () => ours() && (await bodies()).join() === text());
}

test('what is typed here is told, and what is typed elsewhere comes', async () => {
  type('Dear Ben');
  await told('Dear Ben');
  await agreed();
  await elsewhere('Dear Ben, how are you?');
  await here('Dear Ben, how are you?');
  type('');
  await told('');
  await elsewhere('once more');
  await here('once more');
  await elsewhere('');
  await here('');
  expect(tab.account().views.drafts.keys().size).toBe(0);
});

test('a thread has a draft of its own', async () => {
  const { id } = await world.ben.send(world.room, 'a thread');
  tab.sync.actions.setDraft(`${world.room}/${id}`, 'an answer');
  await told('an answer');
  expect((await there())[0]).toMatchObject({ conversation_id: world.room, parent_id: id });
  await elsewhere('a better answer', { parent_id: id });
  await until('it is here', () => text(tab, `${world.room}/${id}`) === 'a better answer');
  expect(text()).toBe('');
});

test('what was typed on both without a connection is kept, here and there', async () => {
  type('milk');
  await agreed();
  world.browser.proxy.cut();
  type('milk, six eggs');
  await elsewhere('oat milk');
  world.browser.proxy.mend();
  await here('oat milk, six eggs');
  await told('oat milk, six eggs');
});

test('what was typed without a connection survives a reload, and is told then', async () => {
  type('half');
  await agreed();
  world.browser.proxy.cut();
  type('half a thought');
  await tab.close();
  tab = await world.browser.tab();
  await tab.sync.actions.exchangeDrafts();
  expect(text()).toBe('half a thought');
  world.browser.proxy.mend();
  await told('half a thought');
});

test('what was sent elsewhere while this browser was closed is gone here', async () => {
  type('about to be sent');
  await agreed();
  await tab.close();
  await elsewhere('');
  tab = await world.browser.tab();
  await tab.sync.actions.exchangeDrafts();
  await here('');
});

test('sending clears only what was sent', async () => {
  type('hello');
  await agreed();
  world.browser.proxy.cut();
  type('');
  await elsewhere('hello, and one thing more');
  world.browser.proxy.mend();
  await here('hello, and one thing more');
  expect(await bodies()).toEqual(['hello, and one thing more']);
});

test('what was typed before another tab or device changed it is joined with that', async () => {
  type('see you');
  await agreed();
  await elsewhere('see you soon');
  await here('see you soon');
  type('Ben, see you', 'see you');
  expect(text()).toBe('Ben, see you soon');
  await told('Ben, see you soon');
});

test('a tab that follows gets and gives drafts, also when it leads', async () => {
  const other = await world.browser.tab();
  await other.live();
  await other.sync.actions.exchangeDrafts();
  other.sync.actions.setDraft(world.room, 'from the second');
  await here('from the second');
  await told('from the second');
  await elsewhere('from the phone');
  await here('from the phone', other);
  await tab.close();
  tab = other;
  await until('it leads', () => other.account().leads());
  await elsewhere('from the phone again');
  await here('from the phone again');
  type('from what is left');
  await told('from what is left');
});

test('files that another device has put there stay, until it is sent', async () => {
  const { id: file } = await world.upload();
  await elsewhere('with a file', { files: [file] });
  await here('with a file');
  type('with a file, and words');
  await told('with a file, and words');
  expect((await there())[0]?.files).toEqual([file]);
  type('');
  await until('nothing is left', async () => (await there()).length === 0);
});

test('a refused draft stays here, and is not told again and again', async () => {
  const group = await world.ben.ask<{ id: string }>('POST', '/conversations', {
    type: 'group',
    members: [],
    name: 'x',
  });
  tab.sync.actions.setDraft(group.id, 'not for me');
  type('another');
  await told('another');
  expect(text(tab, group.id)).toBe('not for me');
});
