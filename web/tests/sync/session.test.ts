// Epochs, refresh tokens, and browsers that keep nothing.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Member, Message, Page } from '@/protocol.gen';
import * as slices from '@/sync/slices';
import type { Tab } from './browser';
import { until } from './until';
import { World } from './world';

let world: World;

beforeEach(async () => {
  world = await World.make();
});

afterEach(async () => await world.end());

async function signedIn(): Promise<Tab> {
  const tab = await world.browser.tab();
  await tab.sync.actions.signIn(world.ann.grant);
  await tab.live();
  return tab;
}

test('a restored backup drops everything, and starts afresh', async () => {
  const tab = await signedIn();
  await world.ben.send(world.room, 'kept');
  await until('it is there', () => tab.bodies(world.room).includes('kept'));
  const other = await world.browser.tab();
  await other.live();
  const folder = await mkdtemp(join(tmpdir(), 'laserchat-backup-'));
  const file = join(folder, 'backup');
  await world.server.command('backup', '--data', world.server.data, file);
  await world.ben.send(world.room, 'lost');
  await until('both have it', () => [tab, other].every((each) => each.bodies(world.room).includes('lost')));
  await world.server.halt();
  await rm(world.server.data, { recursive: true });
  await world.server.command('restore', '--data', world.server.data, file);
  await world.server.run();
  tab.wake('online');
  for (const each of [tab, other]) {
    const window = each.timeline(world.room);
    await until('the lost message is gone', () => {
      const bodies = new Set(window.snapshot().messages.map(({ body }) => body));
      return bodies.has('kept') && !bodies.has('lost');
    });
  }
  await rm(folder, { recursive: true });
  await world.ben.send(world.room, 'new');
  await until('both live on', () => [tab, other].every((each) => each.bodies(world.room).includes('new')));
  expect([tab, other].map((each) => each.bodies(world.room))).toEqual([
    ['kept', 'new'],
    ['kept', 'new'],
  ]);
});

test('without a database everything works, until it is reloaded', async () => {
  world.browser.stored = false;
  const tab = await signedIn();
  tab.sync.actions.send(world.room, 'Hello');
  await until('it has arrived', async () => (await world.stored()).includes('Hello'));
  await tab.close();
  const again = await world.browser.tab();
  expect(again.sync.session().phase).toBe('signed-out');
});

test('without Web Locks there is one leader too, one tab refreshes, and nothing is sent twice', async () => {
  world.browser.hasLocks = false;
  const first = await signedIn();
  const second = await world.browser.tab();
  await second.live();
  first.sync.actions.send(world.room, 'one');
  second.sync.actions.send(world.room, 'two');
  await until('both have both', () => [first, second].every((tab) => tab.bodies(world.room).length === 2));
  expect((await world.stored()).toSorted()).toEqual(['one', 'two']);
  expect([first, second].filter((tab) => tab.account().leads())).toHaveLength(1);
  for (const tab of [first, second]) tab.forward(16 * 60_000);
  await Promise.all([first.sync.rest.get('/me'), second.sync.rest.get('/me')]);
  expect([first, second].map((tab) => tab.sync.session().phase)).toEqual(['signed-in', 'signed-in']);
});

test('what was sent before a first sign-in is told as delivered', async () => {
  const { seq } = await world.ben.send(world.room, 'Hello Ann');
  await signedIn();
  await until('the sender knows', async () => {
    const members = await world.ben.ask<Page<Member>>('GET', `/conversations/${world.room}/members`);
    return members.items.some(({ user, delivered }) => user.id === world.ann.id && delivered >= seq);
  });
});

test('a connection that is gone is noticed as soon as the browser says so', async () => {
  const tab = await signedIn();
  world.browser.proxy.silent = true;
  tab.wake('offline');
  await until('it is noticed', () => tab.sync.connection().phase !== 'live');
  world.browser.proxy.mend();
  tab.wake('online');
  await tab.live();
});

test('a connection that works although the browser doubts it stays', async () => {
  const tab = await signedIn();
  const { since } = tab.sync.connection();
  tab.wake('offline');
  tab.sync.actions.send(world.room, 'still here');
  await until('it has arrived', () => tab.bodies(world.room).includes('still here'));
  expect(tab.sync.connection()).toEqual({ phase: 'live', since });
});

test('a database of another version is made anew', async () => {
  const name = `laserchat-${world.ann.id}`;
  await new Promise<void>((resolve) => {
    const opening = indexedDB.open(name, 999);
    opening.onupgradeneeded = () => opening.result.createObjectStore('strange');
    opening.onsuccess = () => {
      opening.result.close();
      resolve();
    };
  });
  const tab = await signedIn();
  expect(tab.account().store.disk.isKept()).toBe(true);
  expect(slices.conversations.read(tab.account())).toHaveLength(1);
});

test('where WebSockets are blocked, events come by HTTP', async () => {
  world.browser.hasSockets = false;
  const tab = await signedIn();
  const file = await world.upload();
  const { name, mime, size } = file;
  const upload = {
    id: 'u',
    place: '',
    at: 0,
    name,
    mime,
    size,
    voice: false,
    sent: size,
    status: 'ready',
    file,
  } as const;
  tab.sync.actions.send(world.room, 'Hello', undefined, [upload]);
  await until('it has arrived', () => tab.bodies(world.room).includes('Hello'));
  const { items } = await world.ben.ask<Page<Message>>('GET', `/conversations/${world.room}/messages`);
  expect(items.find(({ body }) => body === 'Hello')?.attachments.map(({ id }) => id)).toEqual([file.id]);
  await world.ben.send(world.room, 'Hello Ann');
  await until('the answer is there', () => tab.bodies(world.room).includes('Hello Ann'));
  tab.sync.actions.markRead(world.room);
  await until('the server knows', async () => {
    const view = await world.ann.ask<{ membership: { unread: number } }>('GET', `/conversations/${world.room}`);
    return view.membership.unread === 0;
  });
  expect(tab.bodies(world.room)).toEqual(['Hello', 'Hello Ann']);
});
