// What must be true of a state: at every moment, and once it has caught up.

import assert from 'node:assert/strict';
import type { Message } from '@/protocol.gen';
import type { Core } from '../core';
import type { State } from '../state';
import { plain } from './dump';
import type { Room } from '../room';
import { type Log, membershipOf, type Model } from './model';
import { members, messages } from './replies';

/** Islands have no holes, and what is held is as new as the cursor says. */
export function checkTruth(core: Core, model: Model): void {
  if (core.epoch !== `${model.epoch}`) return;
  for (const [id, room] of core.rooms) if (room.conversation !== null) checkIslands(room, messages(model.log(id)));
}

function checkIslands(room: Room, truth: readonly Message[]): void {
  const { cursor, floor, id } = room;
  const islands = [...room.islands, { from: floor, to: cursor }];
  const isInside = (seq: number) => islands.some(({ from, to }) => from <= seq && seq <= to);
  for (const [at, { from, to }] of islands.entries()) {
    assert(from <= to + 1, `island ${at} of ${id}: ${from} to ${to}`);
    assert(at === 0 || from > (islands[at - 1]?.to ?? 0) + 1, `island ${at} of ${id} touches the one before`);
  }
  for (const { seq, changed } of truth) {
    // What changed after the cursor is still to come, and comes whole.
    if (changed > cursor) continue;
    const held = room.messages.get(seq)?.message;
    assert(held !== undefined || !isInside(seq), `message ${seq} of ${id} is missing`);
    if (held !== undefined && room.onDisk === null) assert.equal(held.changed, changed, `message ${seq} of ${id}`);
  }
  const seqs = room.messages.all().map((known) => known.message.seq);
  assert.deepEqual(
    seqs,
    [...new Set(seqs)].toSorted((one, other) => one - other),
  );
}

/** The state is the server's. */
export function checkSettled(core: Core, state: State, model: Model): void {
  const expected = [...model.logs.keys()].filter((id) => model.isIn(id));
  assert.deepEqual(state.wants(), []);
  assert(state.isSynced());
  assert.deepEqual(state.list()?.toSorted(), expected);
  assert.equal(state.version(), model.version);
  assert.equal(state.contact('2')?.blocked ?? false, model.contact.blocked);
  for (const id of expected) {
    const room = core.loaded(id);
    assert(room !== undefined);
    checkRoom(room, state, model.log(id));
    checkMessages(room, state, messages(model.log(id)));
  }
}

function checkRoom({ id }: Room, state: State, log: Log): void {
  assert.equal(state.cursor(id), log.head);
  assert.deepEqual(state.room(id)?.conversation, log.conversation);
  for (const member of state.members(id)) assert.deepEqual(member, log.members.get(member.user.id));
  if (state.membersComplete(id)) assert.equal(state.memberCount(id), members(log).length);
  const { read, version, unread, mentions } = membershipOf(log);
  const held = state.membership(id);
  assert.deepEqual([held?.read, held?.version], [read, version]);
  assert.deepEqual([state.room(id)?.unread, state.room(id)?.mentions], [unread, mentions], `unread of ${id}`);
}

function checkMessages(room: Room, state: State, truth: readonly Message[]): void {
  const { id } = room;
  const bySeq = new Map(truth.map((message) => [message.seq, message]));
  for (const { message } of room.messages.all()) {
    const known = bySeq.get(message.seq);
    assert(known !== undefined);
    // Of a message that was only ever heard of in what is told to everybody, the personal part is unknown until its page
    // of history is loaded.
    const isWhole = room.onDisk === null && state.timeline(id, message.seq) !== null;
    const personal = (each: Message) => plain(isWhole ? each : impersonal(each));
    assert.deepEqual(personal(message), personal(known));
  }
  const seqs = truth.map(({ seq }) => seq).filter((seq) => seq >= room.floor);
  assert.deepEqual(
    state.timeline(id)?.messages.map(({ seq }) => seq),
    seqs,
  );
  const held = truth.filter(({ seq }) => state.message(id, seq) !== null);
  assert.equal(state.pins(id).length, held.filter(({ pinned_at }) => typeof pinned_at === 'string').length);
  for (const parent of truth) {
    const replies = held.filter(({ parent_id }) => parent_id === parent.id).map(({ seq }) => seq);
    const found = state.replies(id, parent.id).map(({ seq }) => seq);
    assert.deepEqual(found, replies);
    assert.equal(state.messageById(id, parent.id), state.message(id, parent.seq));
  }
}

function impersonal(message: Message): Message {
  return { ...message, following: false, reactions: message.reactions.map(({ emoji, count }) => ({ emoji, count })) };
}
