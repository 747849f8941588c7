// What is held, in the shapes that the screen shows. Each is made when it is asked for, and is the same object until its
// content changes.

import type { Contact, Member, Message } from '@/protocol.gen';
import type { Core } from './core';
import { compareIds } from './ids';
import { islandAt } from './islands';
import { Order } from './order';
import { isRelation } from './people';
import type { Room } from './room';
import type { Cursors, Key, RoomView, Timeline } from './types';
import { unreadOf } from './unread';

const NONE: readonly never[] = [];

export class Reads {
  private readonly order = new Order();
  private readonly made = new Map<string, { stamp: number; value: unknown }>();

  constructor(private readonly core: Core) {}

  list(): readonly string[] | null {
    const { core } = this;
    if (!core.listed) return null;
    return this.keep('list', 'list', Object.is, () => {
      const active = new Map<string, string>();
      for (const [id, room] of core.rooms) if (room.conversation !== null) active.set(id, activity(core, room));
      return this.order.by(active);
    });
  }

  room(id: string): RoomView | null {
    const { core } = this;
    const room = core.loaded(id);
    if (room === undefined) return null;
    return this.keep(`room:${id}`, `room:${id}`, isSameShape, () => {
      const membership = core.memberships.get(id) ?? null;
      const { conversation, peer } = room;
      if (conversation === null) return null;
      const isCounted = membership !== null && core.user !== null;
      const counts = isCounted ? unreadOf(room, membership, core.user ?? '') : { unread: 0, mentions: 0 };
      return { conversation, membership, peer, lastMessage: room.messages.last()?.message ?? null, ...counts };
    });
  }

  timeline(id: string, at: number | null): Timeline | null {
    const room = this.core.loaded(id);
    if (room === undefined) return null;
    const newest = at === null || at >= room.floor;
    const island = newest ? { from: room.floor, to: room.cursor } : islandAt(room.islands, at);
    if (island === undefined) return null;
    const key: Key = `timeline:${id}`;
    // A live stretch keeps its name while it grows at its end, so that what is the same in it is found again.
    return this.keep(newest ? key : `${key}:${island.from}`, key, isSameTimeline, (before?: Timeline) => {
      // What arrived ahead of the cursor is shown as well.
      const found = room.messages.between(island.from, newest ? Infinity : island.to);
      const messages = found.map((known) => known.message);
      const isSame = before !== undefined && isSameList(before.messages, messages);
      return { ...island, newest, messages: isSame ? before.messages : messages };
    });
  }

  replies(id: string, parentId: string): readonly Message[] {
    return this.messages(id, parentId, (room) => room.messages.replies(parentId));
  }

  pins(id: string): readonly Message[] {
    return this.messages(id, 'pins', (room) => room.messages.pins());
  }

  members(id: string): readonly Member[] {
    const room = this.core.loaded(id);
    if (room === undefined) return NONE;
    return this.keep(`members:${id}`, `members:${id}`, isSameList, () => [...room.members.values()]);
  }

  receipts(id: string): ReadonlyMap<string, Cursors> {
    const receipts = this.core.loaded(id)?.receipts;
    return this.keep(`receipts:${id}`, `receipts:${id}`, isSameMap, () => new Map(receipts));
  }

  typing(id: string, now: number): readonly string[] {
    const typing = [...(this.core.typing.get(id) ?? [])].filter(([, until]) => until > now).map(([user]) => user);
    const name = `typing:${id}`;
    const held = this.made.get(name)?.value as readonly string[] | undefined;
    const value = typing.toSorted(compareIds);
    if (held !== undefined && isSameList(held, value)) return held;
    this.made.set(name, { stamp: 0, value });
    return value;
  }

  contacts(): readonly Contact[] {
    return this.keep('contacts', 'contacts', isSameList, () => [...this.core.contacts.values()].filter(isRelation));
  }

  private messages(id: string, name: string, pick: (room: Room) => readonly Message[]): readonly Message[] {
    const room = this.core.loaded(id);
    if (room === undefined) return NONE;
    return this.keep(`${name}@${id}`, `timeline:${id}`, isSameList, () => pick(room));
  }

  /** What was made before, if nothing with the key has changed since, or if it would be the same again. */
  private keep<T>(
    name: string,
    key: Key,
    isSame: (one: NonNullable<T>, other: NonNullable<T>) => boolean,
    make: (before?: T) => T,
  ): T {
    const stamp = this.core.log.stamp(key);
    // A name always stands for values of one type.
    const held = this.made.get(name) as { stamp: number; value: T } | undefined;
    if (held?.stamp === stamp) return held.value;
    const value = make(held?.value);
    const same = held !== undefined && isPresent(held.value) && isPresent(value) && isSame(held.value, value);
    const kept = same ? held.value : value;
    this.made.set(name, { stamp, value: kept });
    return kept;
  }

  /** Frees what was made, for instance because the conversations that it was of are gone. */
  forget(): void {
    this.made.clear();
  }
}

function isPresent<T>(value: T): value is NonNullable<T> {
  return value !== null && value !== undefined;
}

/** When something last happened in a conversation; a new one counts from when the user came into it. */
function activity(core: Core, room: Room): string {
  const joined = core.memberships.get(room.id)?.joined_at ?? '';
  const last = room.messages.last()?.message.created_at ?? room.conversation?.created_at ?? '';
  return last > joined ? last : joined;
}

function isSameList<T>(one: readonly T[], other: readonly T[]): boolean {
  return one === other || (one.length === other.length && one.every((item, at) => item === other[at]));
}

function isSameShape(one: object, other: object): boolean {
  return isSameMap(new Map(Object.entries(one)), new Map(Object.entries(other)));
}

function isSameMap<T>(one: ReadonlyMap<string, T>, other: ReadonlyMap<string, T>): boolean {
  return one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
}

function isSameTimeline(one: Timeline, other: Timeline): boolean {
  const { messages, ...rest } = one;
  const { messages: others, ...ends } = other;
  return isSameShape(rest, ends) && isSameList(messages, others);
}
