// Signing in, the list, a timeline, sending, and what others do, in one tab.

import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Conversation } from '@/protocol.gen';
import * as slices from '@/sync/slices';
import { Browser, Person } from './browser';
import { Server } from './server';
import { until } from './until';

let server: Server;
let browser: Browser;

beforeEach(async () => {
  server = await Server.start();
  browser = await Browser.open(server);
});

afterEach(async () => {
  await browser.close();
  await server.remove();
});

test('from signing in to a conversation between two', async () => {
  const ann = await Person.register(server.origin, 'ann');
  const ben = await Person.register(server.origin, 'ben');
  const tab = await browser.tab();
  expect(tab.sync.session()).toEqual({ phase: 'signed-out' });
  await tab.sync.actions.signIn(ann.grant);
  await tab.live();
  const { actions } = tab.sync;
  const { id } = await actions.openDirect(ben.id);
  const window = tab.timeline(id);
  actions.send(id, 'Hello');
  expect(slices.pending(id, null).read(tab.account())).toHaveLength(1);
  await until('it has come', () => window.snapshot().messages.some(({ body }) => body === 'Hello'));
  await until('nothing waits', () => slices.pending(id, null).read(tab.account()).length === 0);
  await ben.send(id, 'Hello Ann');
  await until('the answer is there', () => window.snapshot().messages.at(-1)?.body === 'Hello Ann');
  const entry = () => slices.conversation(id).read(tab.account());
  expect(entry()?.unread).toBe(1);
  actions.markRead(id);
  expect(entry()?.unread).toBe(0);
  await until('the server knows', async () => {
    const view = await ann.ask<Conversation & { membership: { unread: number } }>('GET', `/conversations/${id}`);
    return view.membership.unread === 0;
  });
});

test('the list and a conversation come from the disk without a network', async () => {
  const ann = await Person.register(server.origin, 'ann');
  const { id } = await ann.ask<Conversation>('POST', '/conversations', { type: 'group', name: 'Plans' });
  await ann.send(id, 'one');
  await ann.send(id, 'two');
  const before = await browser.tab();
  await before.sync.actions.signIn(ann.grant);
  await before.live();
  const window = before.timeline(id);
  await until('it is loaded', () => window.snapshot().loading === null);
  await before.close();
  browser.proxy.cut();
  const tab = await browser.tab();
  expect(slices.conversations.read(tab.account())?.map(({ conversation }) => conversation.name)).toEqual(['Plans']);
  const again = tab.timeline(id);
  await until('it is shown', () => again.snapshot().messages.filter(({ type }) => type === 'text').length === 2);
  tab.sync.actions.send(id, 'three');
  browser.proxy.mend();
  await until('it has left', () => tab.bodies(id).includes('three'));
  expect(tab.bodies(id)).toEqual(['one', 'two', 'three']);
});
