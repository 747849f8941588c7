// What is sent arrives exactly once and in order, whatever happens on the way.

import { afterEach, beforeEach, expect, test } from 'vitest';
import * as slices from '@/sync/slices';
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
});

afterEach(async () => await world.end());

const waiting = (of: Tab) => slices.pending(world.room, null).read(of.account());
const numbered = (count: number) => Array.from({ length: count }, (_, at) => `message ${at}`);

function sendAll(of: Tab, bodies: readonly string[]): void {
  for (const body of bodies) of.sync.actions.send(world.room, body);
}

async function allStored(bodies: readonly string[]): Promise<void> {
  await until('all have arrived', async () => (await world.stored()).length >= bodies.length);
  expect(await world.stored()).toEqual(bodies);
}

test('reloads in the middle of sending', async () => {
  const bodies = numbered(60);
  sendAll(tab, bodies);
  await until('some have arrived', async () => (await world.stored()).length > 5);
  await until(
    'all are written',
    async () => (await tab.account().store.disk.readOutbox()).length === waiting(tab).length,
  );
  tab.crash();
  const again = await world.browser.tab();
  await allStored(bodies);
  await until('nothing waits', () => waiting(again).length === 0);
  const window = again.timeline(world.room);
  const shown = () => window.snapshot().messages.filter(({ type }) => type === 'text');
  await until('all are shown', () => shown().length === bodies.length || (window.loadOlder(), false));
  expect(shown().map(({ body }) => body)).toEqual(bodies);
});

test('the connection is cut again and again', async () => {
  const bodies = numbered(40);
  sendAll(tab, bodies);
  for (const some of [5, 15, 25]) {
    await until('more have arrived', async () => (await world.stored()).length >= some);
    world.browser.proxy.drop();
    tab.wake('online');
  }
  await allStored(bodies);
  await until('nothing waits', () => waiting(tab).length === 0);
  expect(tab.bodies(world.room)).toEqual(bodies);
});

test('the server is killed and started again', async () => {
  const bodies = numbered(40);
  sendAll(tab, bodies);
  await until('some have arrived', async () => (await world.stored()).length >= 10);
  await world.server.halt('SIGKILL');
  await until('it is noticed', () => tab.sync.connection().phase !== 'live');
  await world.server.run();
  tab.wake('online');
  await allStored(bodies);
  await until('nothing waits', () => waiting(tab).length === 0);
  expect(tab.bodies(world.room)).toEqual(bodies);
});

test('a network that swallows everything', async () => {
  world.browser.proxy.silent = true;
  sendAll(tab, numbered(3));
  await until('the first is on its way', () => waiting(tab)[0]?.status === 'sending');
  world.browser.proxy.mend();
  world.browser.proxy.drop();
  tab.wake('online');
  await allStored(numbered(3));
  expect(tab.sync.session().phase).toBe('signed-in');
});

test('a slow network', async () => {
  world.browser.proxy.delay = 120;
  sendAll(tab, numbered(5));
  await allStored(numbered(5));
  await until('nothing waits', () => waiting(tab).length === 0);
  expect(tab.bodies(world.room)).toEqual(numbered(5));
});

test('a message is never shown twice, and never disappears', async () => {
  const window = tab.timeline(world.room);
  await until('it is open', () => window.snapshot().loading === null);
  const counts = new Set<number>();
  const look = () => {
    const shown = window.snapshot().messages.filter(({ body }) => body === 'Hello').length;
    counts.add(shown + waiting(tab).length);
  };
  tab.sync.hub.listen([`pending:${world.room}`, `timeline:${world.room}`], look);
  tab.sync.actions.send(world.room, 'Hello');
  look();
  await until('it has come', () => waiting(tab).length === 0);
  expect(counts).toEqual(new Set([1]));
});

test('a refused message fails, lets the next go, and can be discarded or retried, in all tabs and after a reload', async () => {
  const other = await world.browser.tab();
  await other.live();
  await world.ben.ask('PUT', `/contacts/${world.ann.id}/block`);
  const refused = tab.sync.actions.send(world.room, 'refused');
  await until('it has failed', () => waiting(tab)[0]?.status === 'failed');
  await until('the other tab shows it', () => waiting(other)[0]?.status === 'failed');
  expect(waiting(other)[0]?.problem?.code).toBe('blocked');
  await tab.close();
  await other.close();
  const again = await world.browser.tab();
  await again.live();
  expect(waiting(again).map(({ status }) => status)).toEqual(['failed']);
  await world.ben.ask('DELETE', `/contacts/${world.ann.id}/block`);
  again.sync.actions.retry(refused);
  await allStored(['refused']);
  await world.ben.ask('PUT', `/contacts/${world.ann.id}/block`);
  const unwanted = again.sync.actions.send(world.room, 'unwanted');
  await until('it has failed', () => waiting(again)[0]?.status === 'failed');
  again.sync.actions.discard(unwanted);
  await until('it is gone', () => waiting(again).length === 0);
  expect(await again.account().store.disk.readOutbox()).toEqual([]);
});

test('what is wished of failed messages while nobody leads is done by the next leader', async () => {
  const [second, third] = [await world.browser.tab(), await world.browser.tab()];
  await second.live();
  await third.live();
  await world.ben.ask('PUT', `/contacts/${world.ann.id}/block`);
  const unwanted = tab.sync.actions.send(world.room, 'unwanted');
  const wanted = tab.sync.actions.send(world.room, 'wanted');
  const failed = (of: Tab) => waiting(of).filter(({ status }) => status === 'failed').length;
  await until('all show two failures', () => [tab, second, third].every((each) => failed(each) === 2));
  await world.ben.ask('DELETE', `/contacts/${world.ann.id}/block`);
  expect(tab.account().leads()).toBe(true);
  tab.crash();
  // Whichever leads next, one wish is its own and the other is told.
  second.sync.actions.discard(unwanted);
  third.sync.actions.retry(wanted);
  await allStored(['wanted']);
  await until('nothing waits', () => [second, third].every((each) => waiting(each).length === 0));
  const { disk } = second.account().store;
  await until('nothing is kept', async () => (await disk.readOutbox()).length === 0);
});

test('offline, what is sent waits, and leaves on return', async () => {
  world.browser.proxy.cut();
  await until('it is noticed', () => tab.sync.connection().phase === 'offline');
  sendAll(tab, numbered(3));
  expect(waiting(tab).map(({ status }) => status)).toEqual(['queued', 'queued', 'queued']);
  world.browser.proxy.mend();
  tab.wake('online');
  await allStored(numbered(3));
});
