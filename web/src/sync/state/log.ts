// Notes what changed since it was last asked: keys for the screen, and what has to be written to the disk.

import type { Key } from './types';

export class ChangeLog {
  keys = new Set<Key>();
  reset = false;
  meta = false;
  readonly rooms = new Set<string>();
  readonly contacts = new Set<string>();
  readonly users = new Set<string>();
  readonly cleared = new Set<string>();
  readonly members = new Map<string, Set<string>>();
  readonly messages = new Map<string, Set<number>>();

  private readonly stamps = new Map<Key, number>();
  private now = 0;

  show(...keys: Key[]): void {
    this.now += 1;
    for (const key of keys) {
      this.keys.add(key);
      this.stamps.set(key, this.now);
    }
  }

  /** A number that grows whenever something with this key changes. */
  stamp(key: Key): number {
    return Math.max(this.stamps.get(key) ?? 0, this.stamps.get('*') ?? 0);
  }

  /** Everything is dropped, and whatever was still to be written with it. */
  dropAll(): void {
    this.forget();
    this.reset = true;
    this.meta = true;
    this.show('*');
  }

  /** Everything that is written of a conversation but its own record is to be deleted. */
  clear(id: string): void {
    this.cleared.add(id);
    this.members.delete(id);
    this.messages.delete(id);
  }

  member(id: string, user: string): void {
    const dirty = this.members.get(id);
    if (dirty === undefined) this.members.set(id, new Set([user]));
    else dirty.add(user);
  }

  message(id: string, seq: number): void {
    const dirty = this.messages.get(id);
    if (dirty === undefined) this.messages.set(id, new Set([seq]));
    else dirty.add(seq);
  }

  isEmpty(): boolean {
    const sets = [this.rooms, this.contacts, this.users, this.cleared, this.members, this.messages];
    return !this.reset && !this.meta && sets.every((set) => set.size === 0);
  }

  /** What was to be written has been handed out. */
  forget(): void {
    this.reset = false;
    this.meta = false;
    for (const set of [this.rooms, this.contacts, this.users, this.cleared, this.members, this.messages]) set.clear();
  }
}
