// Who is signed in on this browser, with the tokens: one small database beside those of the accounts. Every tab reads and
// writes it, under the lock that serialises refreshing. In memory when the browser keeps nothing.

import type { DBSchema, IDBPDatabase } from 'idb';
import { openDatabase } from './open';

export interface StoredSession {
  readonly userId: string;
  readonly sessionId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** When the access token ends, by this browser's clock. */
  readonly expiresAt: number;
}

interface VaultSchema extends DBSchema {
  vault: { key: string; value: StoredSession };
}

export class Vault {
  private held: StoredSession | null = null;
  private readonly database: Promise<IDBPDatabase<VaultSchema> | null>;

  constructor(stored: boolean) {
    this.database = stored
      ? openDatabase<VaultSchema>('laserchat', 1, (database) => database.createObjectStore('vault'))
      : Promise.resolve(null);
  }

  async read(): Promise<StoredSession | null> {
    try {
      const database = await this.database;
      if (database !== null) this.held = (await database.get('vault', 'session')) ?? null;
    } catch {
      // What cannot be read is what is held here.
    }
    return this.held;
  }

  async write(session: StoredSession | null): Promise<void> {
    this.held = session;
    try {
      const database = await this.database;
      if (database === null) return;
      // Durability is asked for: a refresh token that was used and not replaced would end the session.
      const transaction = database.transaction('vault', 'readwrite', { durability: 'strict' });
      await Promise.all([
        session === null ? transaction.store.delete('session') : transaction.store.put(session, 'session'),
        transaction.done,
      ]);
    } catch {
      // It goes on in memory.
    }
  }

  async close(): Promise<void> {
    (await this.database)?.close();
  }
}
