// A disk for tests: what a state asks to be written is kept here, and a state can be made of it again.

import type { Contact, User } from '@/protocol.gen';
import type { Core } from '../core';
import { restore } from '../disk';
import { compareIds } from '../ids';
import { State } from '../state';
import type { MemberRecord, MessageRecord, MetaRecord, RoomRecord, Writes } from '../types';

export class Shelf {
  private meta: MetaRecord | null = null;
  private readonly rooms = new Map<string, RoomRecord>();
  private readonly contacts = new Map<string, Contact>();
  private readonly users = new Map<string, User>();
  private readonly members = new Map<string, Map<string, MemberRecord>>();
  private readonly messages = new Map<string, Map<number, MessageRecord>>();

  write(writes: Writes | null): void {
    if (writes === null) return;
    const all = [this.rooms, this.contacts, this.users, this.members, this.messages];
    if (writes.reset) for (const store of all) store.clear();
    for (const id of writes.cleared) {
      this.members.delete(id);
      this.messages.delete(id);
    }
    for (const id of writes.goneRooms) this.rooms.delete(id);
    for (const id of writes.goneContacts) this.contacts.delete(id);
    for (const [id, seq] of writes.goneMessages) this.messages.get(id)?.delete(seq);
    this.meta = writes.meta ?? this.meta;
    for (const room of writes.rooms) this.rooms.set(room.id, room);
    for (const contact of writes.contacts) this.contacts.set(contact.user.id, contact);
    for (const user of writes.users) this.users.set(user.id, user);
    for (const record of writes.members) inner(this.members, record.conversation).set(record.user, record);
    for (const record of writes.messages) inner(this.messages, record.conversation).set(record.seq, record);
  }

  /** A state as it was written, with the messages and members of no conversation yet. */
  open(): { core: Core; state: State } {
    // What is written is data: a copy of it must do.
    const { meta, rooms, contacts, users } = structuredClone(this);
    const core = restore({
      meta,
      rooms: [...rooms.values()],
      contacts: [...contacts.values()],
      users: [...users.values()],
    });
    return { core, state: new State(core) };
  }

  load(state: State, id: string): void {
    const members = [...(this.members.get(id)?.values() ?? [])];
    const messages = [...(this.messages.get(id)?.values() ?? [])];
    state.load(id, structuredClone(members), structuredClone(messages.toSorted((one, other) => one.seq - other.seq)));
  }

  ids(): readonly string[] {
    return [...this.rooms.keys()].toSorted(compareIds);
  }
}

function inner<Key, Value>(outer: Map<string, Map<Key, Value>>, id: string): Map<Key, Value> {
  const held = outer.get(id) ?? new Map<Key, Value>();
  outer.set(id, held);
  return held;
}
