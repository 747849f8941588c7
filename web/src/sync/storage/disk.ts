// What this browser keeps of an account between runs. Everything can be read again from the server, except for the outbox
// and the drafts; so whatever goes wrong here costs at most those, and the app goes on in memory.

import type { Contact, User } from '@/protocol.gen';
import type { DBSchema, IDBPDatabase } from 'idb';
import type { Draft, MemberRecord, MessageRecord, MetaRecord, RoomRecord, Stored, Writes } from '../state';
import { dropDatabase, filesOf, openDatabase } from './open';

/** The version of what is written. Another one is dropped, and everything is fetched anew. */
const VERSION = 1;

/** Above every seq that there can be. */
const LAST = Number.MAX_SAFE_INTEGER;

/** Above every id, which are digits. */
const ABOVE = ':';

interface AccountSchema extends DBSchema {
  meta: { key: string; value: MetaRecord };
  rooms: { key: string; value: RoomRecord };
  messages: { key: [string, number]; value: MessageRecord };
  members: { key: [string, string]; value: MemberRecord };
  users: { key: string; value: User };
  contacts: { key: string; value: Contact };
  outbox: { key: string; value: Draft };
  drafts: { key: string; value: string };
  looks: { key: string; value: number };
}

export interface StoredRoom {
  readonly record: RoomRecord | null;
  readonly members: readonly MemberRecord[];
  readonly messages: readonly MessageRecord[];
}

/** What can be fetched again. */
const CACHED = ['meta', 'rooms', 'messages', 'members', 'users', 'contacts'] as const;

const EMPTY: Stored = { meta: null, rooms: [], contacts: [], users: [] };

export class Disk {
  private constructor(
    private readonly name: string,
    private database: IDBPDatabase<AccountSchema> | null,
  ) {}

  static async open(userId: string, stored: boolean): Promise<Disk> {
    const name = `laserchat-${userId}`;
    const database = stored ? await openDatabase<AccountSchema>(name, VERSION, create) : null;
    return new Disk(name, database);
  }

  /** Whether anything is kept at all. */
  isKept(): boolean {
    return this.database !== null;
  }

  async read(): Promise<Stored> {
    return await this.attempt(EMPTY, async (database) => {
      const transaction = database.transaction(['meta', 'rooms', 'contacts', 'users']);
      const [meta, rooms, contacts, users] = await Promise.all([
        transaction.objectStore('meta').get('state'),
        transaction.objectStore('rooms').getAll(),
        transaction.objectStore('contacts').getAll(),
        transaction.objectStore('users').getAll(),
      ]);
      return { meta: meta ?? null, rooms, contacts, users };
    });
  }

  async readRoom(id: string): Promise<StoredRoom> {
    return await this.attempt<StoredRoom>({ record: null, members: [], messages: [] }, async (database) => {
      const transaction = database.transaction(['rooms', 'members', 'messages']);
      const [record, members, messages] = await Promise.all([
        transaction.objectStore('rooms').get(id),
        transaction.objectStore('members').getAll(IDBKeyRange.bound([id, ''], [id, ABOVE])),
        transaction.objectStore('messages').getAll(IDBKeyRange.bound([id, 0], [id, LAST])),
      ]);
      return { record: record ?? null, members, messages };
    });
  }

  /**
   * Writes in one transaction. Returns whether that worked; if not, what was there before is still whole, but nothing more
   * must be written on top of it. A disk that is full is emptied, so that the next start has room again.
   */
  async write(writes: Writes): Promise<boolean> {
    const { database } = this;
    if (database === null) return false;
    try {
      await this.writeAll(database, writes);
      return true;
    } catch (thrown) {
      if (thrown instanceof DOMException && thrown.name === 'QuotaExceededError') await this.empty();
      return false;
    }
  }

  private async empty(): Promise<void> {
    await this.attempt(undefined, async (database) => {
      const transaction = database.transaction(CACHED, 'readwrite');
      await Promise.all([...CACHED.map((name) => transaction.objectStore(name).clear()), transaction.done]);
    });
  }

  private async writeAll(database: IDBPDatabase<AccountSchema>, writes: Writes): Promise<void> {
    const transaction = database.transaction(CACHED, 'readwrite');
    const [meta, rooms, messages, members, users, contacts] = [
      transaction.objectStore('meta'),
      transaction.objectStore('rooms'),
      transaction.objectStore('messages'),
      transaction.objectStore('members'),
      transaction.objectStore('users'),
      transaction.objectStore('contacts'),
    ];
    const work: Promise<unknown>[] = [];
    if (writes.reset) CACHED.forEach((name) => work.push(transaction.objectStore(name).clear()));
    for (const id of writes.cleared) {
      work.push(messages.delete(IDBKeyRange.bound([id, 0], [id, LAST])));
      work.push(members.delete(IDBKeyRange.bound([id, ''], [id, ABOVE])));
    }
    writes.goneRooms.forEach((id) => work.push(rooms.delete(id)));
    writes.goneMessages.forEach(([id, seq]) => work.push(messages.delete([id, seq])));
    writes.goneContacts.forEach((id) => work.push(contacts.delete(id)));
    if (writes.meta !== null) work.push(meta.put(writes.meta, 'state'));
    writes.rooms.forEach((room) => work.push(rooms.put(room)));
    writes.members.forEach((record) => work.push(members.put(record)));
    writes.messages.forEach((message) => work.push(messages.put(message)));
    writes.contacts.forEach((contact) => work.push(contacts.put(contact)));
    writes.users.forEach((user) => work.push(users.put(user)));
    await Promise.all([...work, transaction.done]);
  }

  async readRecords(): Promise<readonly RoomRecord[]> {
    return await this.attempt<readonly RoomRecord[]>([], async (database) => await database.getAll('rooms'));
  }

  /** How many messages there are of each conversation. */
  async countMessages(): Promise<ReadonlyMap<string, number>> {
    return await this.attempt(new Map<string, number>(), async (database) => {
      const transaction = database.transaction(['rooms', 'messages']);
      const ids = await transaction.objectStore('rooms').getAllKeys();
      const messages = transaction.objectStore('messages');
      const counts = ids.map((id) => messages.count(IDBKeyRange.bound([id, 0], [id, LAST])));
      return new Map((await Promise.all(counts)).map((count, at) => [ids[at] ?? '', count]));
    });
  }

  /** The conversation is looked at now. */
  async look(id: string, now: number): Promise<void> {
    await this.attempt(undefined, async (database) => await database.put('looks', now, id));
  }

  async readLooks(): Promise<ReadonlyMap<string, number>> {
    return await this.attempt(new Map<string, number>(), async (database) => {
      const transaction = database.transaction('looks');
      const [ids, times] = await Promise.all([transaction.store.getAllKeys(), transaction.store.getAll()]);
      return new Map(ids.map((id, at) => [id, times[at] ?? 0]));
    });
  }

  async readOutbox(): Promise<Draft[]> {
    const drafts = await this.attempt<Draft[]>([], async (database) => await database.getAll('outbox'));
    return drafts.toSorted((a, b) => a.queuedAt - b.queuedAt);
  }

  async putDraft(draft: Draft): Promise<void> {
    await this.attempt(undefined, async (database) => {
      const transaction = database.transaction('outbox', 'readwrite', { durability: 'strict' });
      await Promise.all([transaction.store.put(draft), transaction.done]);
    });
  }

  async dropDraft(clientId: string): Promise<void> {
    await this.attempt(undefined, async (database) => await database.delete('outbox', clientId));
  }

  /** The texts that were begun, by conversation or thread. */
  async readTexts(): Promise<ReadonlyMap<string, string>> {
    return await this.attempt(new Map<string, string>(), async (database) => {
      const transaction = database.transaction('drafts');
      const [keys, texts] = await Promise.all([transaction.store.getAllKeys(), transaction.store.getAll()]);
      return new Map(keys.map((key, at) => [key, texts[at] ?? '']));
    });
  }

  /** Returns whether that worked. */
  async writeText(key: string, text: string): Promise<boolean> {
    return await this.attempt(false, async (database) => {
      if (text === '') await database.delete('drafts', key);
      else await database.put('drafts', text, key);
      return true;
    });
  }

  /** Forgets the account in this browser. */
  async destroy(): Promise<void> {
    await this.attempt(undefined, async (database) => {
      const transaction = database.transaction([...database.objectStoreNames], 'readwrite');
      await Promise.all([...database.objectStoreNames].map((name) => transaction.objectStore(name).clear()));
      await transaction.done;
    });
    this.close();
    await Promise.all([dropDatabase(this.name), dropDatabase(filesOf(this.name))]);
  }

  close(): void {
    this.database?.close();
    this.database = null;
  }

  private async attempt<T>(otherwise: T, work: (database: IDBPDatabase<AccountSchema>) => Promise<T>): Promise<T> {
    if (this.database === null) return otherwise;
    try {
      return await work(this.database);
    } catch {
      return otherwise;
    }
  }
}

function create(database: IDBPDatabase<AccountSchema>): void {
  database.createObjectStore('meta');
  database.createObjectStore('rooms', { keyPath: 'id' });
  database.createObjectStore('messages', { keyPath: ['conversation', 'seq'] });
  database.createObjectStore('members', { keyPath: ['conversation', 'user'] });
  database.createObjectStore('users', { keyPath: 'id' });
  database.createObjectStore('contacts', { keyPath: 'user.id' });
  database.createObjectStore('outbox', { keyPath: 'clientId' });
  database.createObjectStore('drafts');
  database.createObjectStore('looks');
}
