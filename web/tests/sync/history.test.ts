// Windows on a long history: without holes, both ways, with a bounded number of messages.

import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TimelineWindow } from '@/sync/views/timeline';
import type { Tab } from './browser';
import { until } from './until';
import { World } from './world';

const COUNT = 1_200;

let world: World;
let tab: Tab;

beforeEach(async () => {
  world = await World.make();
  for (let at = 0; at < COUNT; at += 100) {
    await Promise.all(Array.from({ length: 100 }, () => world.ben.send(world.room, 'text')));
  }
  tab = await world.browser.tab();
  await tab.sync.actions.signIn(world.ann.grant);
  await tab.live();
});

afterEach(async () => await world.end());

const seqs = (window: TimelineWindow) => window.snapshot().messages.map(({ seq }) => seq);

function withoutHoles(window: TimelineWindow): boolean {
  const shown = seqs(window);
  return shown.every((seq, at) => at === 0 || seq === (shown[at - 1] ?? 0) + 1);
}

async function settled(window: TimelineWindow): Promise<void> {
  await until('it is loaded', () => window.snapshot().loading === null);
}

test('from the newest to the first message and back', async () => {
  const window = tab.timeline(world.room);
  await settled(window);
  const newest = seqs(window).at(-1) ?? 0;
  let most = 0;
  const look = () => {
    expect(withoutHoles(window)).toBe(true);
    most = Math.max(most, seqs(window).length);
  };
  while (!window.snapshot().atStart) {
    const before = seqs(window)[0] ?? 0;
    window.loadOlder();
    await settled(window);
    look();
    expect(seqs(window)[0] ?? 0).toBeLessThanOrEqual(before);
  }
  expect(window.snapshot().atEnd).toBe(false);
  const held = [...(tab.account().store.state.timeline(world.room, 1)?.messages ?? [])].length;
  expect(held).toBeLessThan(700);
  while (!window.snapshot().atEnd) {
    const before = seqs(window).at(-1) ?? 0;
    window.loadNewer();
    await settled(window);
    look();
    expect(seqs(window).at(-1) ?? 0).toBeGreaterThanOrEqual(before);
  }
  expect(seqs(window).at(-1)).toBe(newest);
  expect(most).toBeLessThanOrEqual(320);
  await world.ben.send(world.room, 'new');
  await until('it goes on', () => window.snapshot().messages.at(-1)?.body === 'new');
  look();
});

test('opens at a seq, jumps, and comes back', async () => {
  const window = tab.timeline(world.room, 400);
  await settled(window);
  expect(seqs(window)).toContain(400);
  expect(window.snapshot()).toMatchObject({ atStart: false, atEnd: false, problem: null });
  await window.jumpTo(900);
  expect(seqs(window)).toContain(900);
  expect(withoutHoles(window)).toBe(true);
  await window.jumpToNewest();
  expect(window.snapshot().atEnd).toBe(true);
  // Not a message: the first of those is a little later.
  await window.jumpTo(1);
  const first = seqs(window)[0] ?? 0;
  expect(first).toBeLessThan(10);
  expect(withoutHoles(window)).toBe(true);
});

test('without a connection it says so, and goes on when there is one', async () => {
  world.browser.proxy.cut();
  await until('it is noticed', () => tab.sync.connection().phase === 'offline');
  const window = tab.timeline(world.room);
  await settled(window);
  expect(window.snapshot().problem?.code).toBe('offline');
  world.browser.proxy.mend();
  tab.wake('online');
  await until('it is shown', () => seqs(window).length > 20 && window.snapshot().problem === null);
});
