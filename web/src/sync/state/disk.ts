// Keeping the state between runs. What only a connection keeps right is left out. At the start only what concerns whole
// conversations is read; the messages and members of one follow when it is needed, and what has happened meanwhile is
// merged with them: they were complete as of the cursor, and every change after it has been followed.

import { Core } from './core';
import { withIsland } from './islands';
import { summaryOf, takeContact, takeSummary } from './people';
import type { Room } from './room';
import type { Island, Known, MemberRecord, MessageRecord, RoomData, RoomRecord, Stored, Writes } from './types';
import { countedAtCursor } from './unread';

/** How far above its seq a message is written beside an older record of it. */
const BESIDE = 0.5;

/** What to write since the last call. */
export function takeWrites(core: Core): Writes | null {
  const { log } = core;
  if (log.isEmpty()) return null;
  const isHeld = (id: string) => core.rooms.has(id) || core.memberships.has(id);
  const { epoch, user, version, versionHead, listed, account } = core;
  const members = [...log.members].flatMap(([id, users]) => [...users].map((each) => ({ id, user: each })));
  const messages = [...log.messages].flatMap(([id, seqs]) => [...seqs].map((seq) => ({ id, seq })));
  const writes: Writes = {
    reset: log.reset,
    cleared: [...log.cleared],
    goneRooms: [...log.rooms].filter((id) => !isHeld(id)),
    goneMessages: messages
      .filter(({ id, seq }) => core.rooms.get(id)?.messages.get(seq) === undefined)
      .map(({ id, seq }) => [id, seq] as const),
    goneContacts: [...log.contacts].filter((id) => !core.contacts.has(id)),
    meta: log.meta
      ? { epoch, user, version, versionHead, versionAhead: [...core.versionAhead], listed, account }
      : null,
    rooms: [...log.rooms].filter(isHeld).map((id) => roomRecord(core, id)),
    members: members.flatMap(({ id, user: each }): MemberRecord[] => {
      const member = core.rooms.get(id)?.members.get(each);
      return member === undefined ? [] : [{ conversation: id, user: each, member }];
    }),
    messages: messages.flatMap(({ id, seq }) => messageRecord(core.rooms.get(id), seq)),
    contacts: [...log.contacts].flatMap((id) => core.contacts.get(id) ?? []),
    users: [...log.users].flatMap((id) => core.profiles.get(id) ?? []),
  };
  log.forget();
  return writes;
}

function messageRecord(room: Room | undefined, seq: number): MessageRecord[] {
  const known = room?.messages.get(seq);
  if (room === undefined || known === undefined) return [];
  // See `MessageRecord`.
  const beside = room.onDisk !== null && known.mine === 0;
  return [{ conversation: room.id, seq: beside ? seq + BESIDE : seq, message: known.message, mine: known.mine }];
}

function roomRecord(core: Core, id: string): RoomRecord {
  const room = core.rooms.get(id);
  return { id, membership: core.memberships.get(id) ?? null, room: room === undefined ? null : dataOf(core, room) };
}

function dataOf(core: Core, room: Room): RoomData {
  const { conversation, early, peer, cursor, head, patchy, start, readTo, recount, restart, onDisk } = room;
  const islands = allIslands(room);
  const newest = islands.at(-1);
  return {
    conversation,
    early,
    peer,
    cursor,
    head,
    patchy,
    start,
    readTo,
    recount,
    restart,
    since: onDisk?.since ?? room.since,
    ahead: [...new Set([...room.ahead, ...(onDisk?.ahead ?? [])])].filter((seq) => seq > cursor),
    counted: room.counted === onDisk?.countedNow ? onDisk.counted : room.counted,
    floor: newest !== undefined && newest.to >= room.floor - 1 ? Math.min(newest.from, room.floor) : room.floor,
    islands: islands.filter(({ to }) => to < room.floor - 1),
    countedNow: countedAtCursor(room, core.memberships.get(room.id), core.user),
    membersComplete: room.membersComplete || onDisk?.membersComplete === true,
    receipts: [...room.receipts],
    last: room.messages.last() ?? null,
  };
}

/** The islands in memory and on the disk; the newest one, unless it is empty, is the last. */
function allIslands(room: Room): readonly Island[] {
  const stored = room.onDisk?.islands ?? [];
  const islands = [...stored, { from: room.floor, to: room.cursor }];
  return islands.reduce<readonly Island[]>(withIsland, room.islands);
}

/** A state as it was written, without messages and members: those are given to `load`. */
export function restore(stored: Stored): Core {
  const core = new Core();
  if (stored.meta !== null) {
    const { versionAhead, ...meta } = stored.meta;
    Object.assign(core, meta);
    for (const version of versionAhead) core.versionAhead.add(version);
  }
  for (const { id, membership, room } of stored.rooms) {
    if (membership !== null) core.memberships.set(id, membership);
    if (room !== null) restoreRoom(core.enter(id), room);
    if (room?.peer) takeSummary(core, room.peer);
  }
  for (const contact of stored.contacts) takeContact(core, contact);
  for (const user of [...stored.users, ...(core.account === null ? [] : [core.account.user])]) {
    core.profiles.set(user.id, user);
    core.summaries.set(user.id, summaryOf(user));
  }
  core.log.forget();
  core.log.keys.clear();
  return core;
}

function restoreRoom(room: Room, data: RoomData): void {
  const { conversation, early, peer, cursor, head, patchy, start, readTo, counted, recount, restart } = data;
  Object.assign(room, { conversation, early, peer, cursor, head, patchy, start, readTo, counted, recount, restart });
  for (const [user, cursors] of data.receipts) room.receipts.set(user, cursors);
  room.onDisk = {
    islands: withIsland(data.islands, { from: data.floor, to: cursor }),
    membersComplete: data.membersComplete,
    ahead: data.ahead,
    since: data.since,
    counted,
    countedNow: data.countedNow,
  };
  // Until the rest is read, only what comes from now on is there.
  room.counted = data.countedNow;
  room.floor = conversation === null ? data.floor : cursor + 1;
  room.since = cursor;
  if (data.last !== null) room.messages.put(data.last);
}

/** The messages and members of a conversation, as they were written. */
export function load(
  core: Core,
  id: string,
  members: readonly MemberRecord[],
  messages: readonly MessageRecord[],
): void {
  const room = core.rooms.get(id);
  const onDisk = room?.onDisk ?? null;
  if (room === undefined || onDisk === null) return;
  room.onDisk = null;
  room.since = onDisk.since;
  if (room.counted === onDisk.countedNow) room.counted = onDisk.counted;
  const [whole, beside] = [messages.filter(isWhole), messages.filter((record) => !isWhole(record))];
  room.takeStored(whole.map(knownOf));
  room.takeStored(beside.map(knownOf));
  for (const { message, seq } of beside) {
    core.log.message(id, message.seq);
    core.log.message(id, seq);
  }
  for (const seq of onDisk.ahead) if (seq > room.cursor) room.ahead.add(seq);
  room.catchUp();
  for (const { from, to } of onDisk.islands) room.cover(from, to);
  for (const { user, member } of members) {
    const held = room.members.get(user);
    if (held !== undefined && held.changed >= member.changed) continue;
    const summary = core.summaries.get(user) ?? member.user;
    room.members.set(user, { ...member, user: summary });
    takeSummary(core, summary);
  }
  room.membersComplete ||= onDisk.membersComplete;
  core.log.rooms.add(id);
  core.log.show(`timeline:${id}`, `room:${id}`, `members:${id}`);
}

function isWhole({ message, seq }: MessageRecord): boolean {
  return message.seq === seq;
}

function knownOf({ message, mine }: MessageRecord): Known {
  return { message, mine };
}
