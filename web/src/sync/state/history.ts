// What the screen asks for beyond what the state wants by itself: pages of history, threads, pins and members; and
// letting go of what is far from the screen.
//
// The state follows every change, so what is held is right. What is not held may have changed without a trace: at the
// latest up to `since`, which is where the conversation was loaded, or where messages were last let go of. An answer
// holds at least for the moment when it was asked for. If that is before `since`, it may be out of date, and is refused.

import type { Member, Message } from '@/protocol.gen';
import type { Core } from './core';
import { clipped } from './islands';
import { isSet } from './message';
import { takeSummary } from './people';
import type { Room } from './room';
import type { Asked, Known, Window } from './types';
import { countedAtCursor } from './unread';
import { takePage } from './view';

/** So many of the newest messages always stay. */
const TAIL = 50;

export function asked(core: Core, id: string): Asked {
  const room = core.rooms.get(id);
  return { generation: core.generation, life: room?.life ?? 0, head: room?.head ?? 0 };
}

export function answerHistory(
  core: Core,
  id: string,
  window: Window,
  limit: number,
  messages: readonly Message[],
  when: Asked,
): boolean {
  const room = valid(core, id, when);
  if (room === undefined || when.head < room.since) return false;
  takePage(room, window, limit, messages, when.head);
  return true;
}

export function answerMessages(core: Core, id: string, messages: readonly Message[], when: Asked): boolean {
  const room = valid(core, id, when);
  if (room === undefined || when.head < room.since) return false;
  room.takeMessages(
    messages.toSorted((one, other) => one.seq - other.seq),
    'own',
    true,
  );
  return true;
}

export function answerMembers(core: Core, id: string, members: readonly Member[], when: Asked): boolean {
  const room = valid(core, id, when);
  if (room === undefined || when.head < room.start) return false;
  room.takeMembers(members);
  for (const { user } of members) takeSummary(core, user);
  return true;
}

/** The conversation, unless it was dropped since, or is about to be loaded afresh. */
function valid(core: Core, id: string, when: Asked): Room | undefined {
  const room = core.loaded(id);
  const isThis = room !== undefined && core.generation === when.generation && room.life === when.life;
  return isThis && !room.restart ? room : undefined;
}

export function trim(
  core: Core,
  id: string,
  keepFrom: number,
  keepTo: number,
  threads: ReadonlySet<string>,
  newest = TAIL,
): number {
  const room = core.loaded(id);
  // What has not been read from the disk takes no room in memory.
  if (room === undefined || room.onDisk !== null) return 0;
  const tail = tailOf(room, newest);
  const kept = clipped([...room.islands, { from: room.floor, to: room.cursor }], { from: keepFrom, to: keepTo });
  const last = room.messages.last();
  const stays = (known: Known): boolean => {
    const { id: messageId, parent_id, pinned_at, seq, changed } = known.message;
    // What runs ahead of the cursor may be all that is known of a change.
    if (seq >= tail || changed > room.cursor || known === last || isSet(pinned_at)) return true;
    if (threads.has(messageId) || (isSet(parent_id) && threads.has(parent_id))) return true;
    return seq >= keepFrom && seq <= keepTo;
  };
  if (room.messages.all().every(stays)) return 0;
  room.counted = countedAtCursor(room, core.memberships.get(id), core.user);
  const gone = room.messages.retain(stays);
  for (const seq of gone) core.log.message(id, seq);
  room.since = Math.max(room.since, room.cursor);
  room.floor = tail;
  room.islands = [];
  for (const { from, to } of kept) room.cover(from, to);
  core.log.rooms.add(id);
  core.log.show(`timeline:${id}`, `room:${id}`);
  return gone.length;
}

/** Where the newest messages that always stay begin. */
function tailOf(room: Room, newest: number): number {
  const first = room.messages.place(room.cursor + 1) - newest;
  if (first <= room.messages.place(room.floor)) return room.floor;
  return room.messages.all()[first]?.message.seq ?? room.floor;
}
