// Where files wait between runs: the bytes, and where on the server the rest of them goes. A database of its own, because
// it is needed seldom, and because it can be lost without harm to anything else.

import type { DBSchema, IDBPDatabase } from 'idb';
import { filesOf, openDatabase } from '../storage/open';
import type { Upload } from './types';

const VERSION = 1;

export interface Shelved {
  readonly upload: Upload;
  readonly blob: Blob;
  /** The upload's own address, once the server has given it one. */
  readonly url: string | null;
}

interface FilesSchema extends DBSchema {
  uploads: { key: string; value: Shelved };
}

export class Shelf {
  private constructor(private database: IDBPDatabase<FilesSchema> | null) {}

  static async open(userId: string, stored: boolean): Promise<Shelf> {
    const name = filesOf(`laserchat-${userId}`);
    if (!stored) return new Shelf(null);
    const create = (database: IDBPDatabase<FilesSchema>) => {
      database.createObjectStore('uploads', { keyPath: 'upload.id' });
    };
    return new Shelf(await openDatabase<FilesSchema>(name, VERSION, create));
  }

  async all(): Promise<readonly Shelved[]> {
    return (await this.attempt(async (database) => await database.getAll('uploads'))) ?? [];
  }

  async get(id: string): Promise<Shelved | null> {
    return (await this.attempt(async (database) => await database.get('uploads', id))) ?? null;
  }

  /** Returns whether it is kept: a browser may have no room for it. */
  async put(shelved: Shelved): Promise<boolean> {
    const key = await this.attempt(async (database) => await database.put('uploads', shelved));
    return key !== null;
  }

  /** Changes what is known of an upload that is kept. */
  async change(id: string, change: (shelved: Shelved) => Shelved): Promise<void> {
    await this.attempt(async (database) => {
      const transaction = database.transaction('uploads', 'readwrite');
      const held = await transaction.store.get(id);
      if (held !== undefined) await transaction.store.put(change(held));
      await transaction.done;
    });
  }

  async drop(id: string): Promise<void> {
    await this.attempt(async (database) => await database.delete('uploads', id));
  }

  async clear(): Promise<void> {
    await this.attempt(async (database) => await database.clear('uploads'));
  }

  close(): void {
    this.database?.close();
    this.database = null;
  }

  private async attempt<T>(work: (database: IDBPDatabase<FilesSchema>) => Promise<T>): Promise<T | null> {
    if (this.database === null) return null;
    try {
      return await work(this.database);
    } catch {
      return null;
    }
  }
}
