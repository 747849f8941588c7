// Several tabs share one connection and never disagree.

import { afterEach, beforeEach, expect, test } from 'vitest';
import * as slices from '@/sync/slices';
import type { Tab } from './browser';
import { until } from './until';
import { World } from './world';

let world: World;
let first: Tab;
let second: Tab;

beforeEach(async () => {
  world = await World.make();
  first = await world.browser.tab();
  second = await world.browser.tab();
  await first.sync.actions.signIn(world.ann.grant);
  await until('the other tab is signed in', () => second.sync.session().phase === 'signed-in');
  await first.live();
  await second.live();
  await until('both know the conversation', () => [first, second].every((tab) => entry(tab) !== null));
});

afterEach(async () => await world.end());

const entry = (tab: Tab) => slices.conversation(world.room).read(tab.account());
const waiting = (tab: Tab) => slices.pending(world.room, null).read(tab.account());

test('one leads, and both show what happens', async () => {
  expect([first, second].filter((tab) => tab.account().leads())).toHaveLength(1);
  await world.ben.send(world.room, 'for both');
  await until('both have it', () => [first, second].every((tab) => tab.bodies(world.room).includes('for both')));
  expect([first, second].map((tab) => entry(tab)?.unread)).toEqual([1, 1]);
  second.sync.actions.markRead(world.room);
  await until('read in both', () => [first, second].every((tab) => entry(tab)?.unread === 0));
});

test('what is sent from either is shown in both, once and in order', async () => {
  const bodies = Array.from({ length: 20 }, (_, at) => `message ${at}`);
  for (const body of bodies) second.sync.actions.send(world.room, body);
  expect(waiting(second)).toHaveLength(20);
  await until('all have come', () => [first, second].every((tab) => tab.bodies(world.room).length === 20));
  await until('nothing waits', () => [first, second].every((tab) => waiting(tab).length === 0));
  expect(await world.stored()).toEqual(bodies);
  expect(first.bodies(world.room)).toEqual(bodies);
  expect(second.bodies(world.room)).toEqual(bodies);
});

test('when the leader crashes, the other goes on with what waits', async () => {
  const [leader, follower] = first.account().leads() ? [first, second] : [second, first];
  world.browser.proxy.cut();
  follower.sync.actions.send(world.room, 'one');
  leader.sync.actions.send(world.room, 'two');
  await until('both show both', () => [first, second].every((tab) => waiting(tab).length === 2));
  leader.crash();
  follower.sync.actions.send(world.room, 'three');
  await until('it leads', () => follower.account().leads());
  world.browser.proxy.mend();
  await until('all have left', async () => (await world.stored()).length === 3);
  expect((await world.stored()).toSorted()).toEqual(['one', 'three', 'two']);
  expect((await world.stored()).indexOf('one')).toBeLessThan((await world.stored()).indexOf('three'));
  await until('nothing waits', () => waiting(follower).length === 0);
});

test('a leader that is frozen is replaced', async () => {
  const [leader, follower] = first.account().leads() ? [first, second] : [second, first];
  leader.freeze();
  follower.wake('visible');
  await until('the other leads', () => follower.account().leads());
  await world.ben.send(world.room, 'while it slept');
  await until('it is heard', () => follower.bodies(world.room).includes('while it slept'));
  leader.thaw();
  await until('the old leader follows', () => !leader.account().leads());
  await until('and has caught up', () => leader.bodies(world.room).includes('while it slept'));
  expect(follower.account().leads()).toBe(true);
});

test('a page that is put away and comes back', async () => {
  const [leader, follower] = first.account().leads() ? [first, second] : [second, first];
  leader.wake('away');
  await until('the other leads', () => follower.account().leads());
  await world.ben.send(world.room, 'meanwhile');
  leader.wake('back');
  await until('it has caught up', () => leader.bodies(world.room).includes('meanwhile'));
  expect(leader.account().leads()).toBe(false);
});

test('drafts are the same in all tabs, and after a reload', async () => {
  first.sync.actions.setDraft(world.room, 'half a sen');
  await until('the other has it', () => slices.draft(world.room).read(second.account()) === 'half a sen');
  expect(slices.draftKeys.read(second.account())).toEqual(new Set([world.room]));
  await first.close();
  const third = await world.browser.tab();
  expect(slices.draft(world.room).read(third.account())).toBe('half a sen');
});

test('a draft is there after a reload in the very moment of typing', async () => {
  first.sync.actions.setDraft(world.room, 'half a sen');
  first.crash();
  second.crash();
  const third = await world.browser.tab();
  expect(slices.draft(world.room).read(third.account())).toBe('half a sen');
  await until('it is in the database', () => world.browser.notes.size === 0);
  third.sync.actions.setDraft(world.room, '');
  third.crash();
  const fourth = await world.browser.tab();
  expect(slices.draft(world.room).read(fourth.account())).toBe('');
});

test('no draft is kept when the account is forgotten', async () => {
  first.sync.actions.setDraft(world.room, 'half a sen');
  expect(world.browser.notes.size).toBe(1);
  await first.sync.actions.signOut();
  expect(world.browser.notes.size).toBe(0);
});

test('signing out is everywhere, and forgets everything', async () => {
  await first.sync.actions.signOut();
  await until('all are out', () => [first, second].every((tab) => tab.sync.session().phase === 'signed-out'));
  await until('nothing is kept', async () => (await indexedDB.databases()).every(({ name }) => name === 'laserchat'));
  await expect(world.ann.ask('GET', '/me')).rejects.toThrow('session_ended');
});

test('a session that is ended elsewhere ends in all tabs, with the reason', async () => {
  const other = await world.ann.login();
  await fetch(`${world.server.origin}/api/v1/me/sessions`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${other.access_token}` },
  });
  const ended = { phase: 'signed-out', reason: 'ended' };
  await until('all are out', () => [first, second].every((tab) => tab.sync.session().phase === 'signed-out'));
  expect([first.sync.session(), second.sync.session()]).toEqual([ended, ended]);
  await until('nothing is kept', async () => (await indexedDB.databases()).every(({ name }) => name === 'laserchat'));
});

test('tabs that need a new token at once refresh once', async () => {
  for (const tab of [first, second]) tab.forward(16 * 60_000);
  await Promise.all([first, second].flatMap((tab) => [tab.sync.rest.get('/me'), tab.sync.rest.get('/me')]));
  expect([first, second].map((tab) => tab.sync.session().phase)).toEqual(['signed-in', 'signed-in']);
});
