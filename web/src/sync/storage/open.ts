// Opening a database so that the app never hangs on it: what is blocked, broken or of another version is deleted and made
// anew, and if that fails as well, there is none.

import type { DBSchema, IDBPDatabase } from 'idb';
import { deleteDB, openDB } from 'idb';

/** Opening takes milliseconds; a browser that needs longer has lost its way. */
const PATIENCE = 4_000;

export async function openDatabase<S extends DBSchema>(
  name: string,
  version: number,
  create: (database: IDBPDatabase<S>) => void,
): Promise<IDBPDatabase<S> | null> {
  const open = () => {
    const opening = openDB<S>(name, version, {
      upgrade: (database) => {
        for (const store of database.objectStoreNames) database.deleteObjectStore(store);
        create(database);
      },
      // Another tab has a newer version, or deletes it: this one lets go.
      blocking: (_current, _next, event) => {
        if (event.target instanceof IDBDatabase) event.target.close();
      },
    });
    return within(PATIENCE, opening);
  };
  try {
    return await open();
  } catch {
    try {
      await within(PATIENCE, deleteDB(name));
      return await open();
    } catch {
      return null;
    }
  }
}

/** The database of the files that belong to another one. */
export function filesOf(name: string): string {
  return `${name}-files`;
}

export async function dropDatabase(name: string): Promise<void> {
  try {
    await within(PATIENCE, deleteDB(name));
  } catch {
    // It is emptied before it is deleted, so that nothing is left even where the deletion has to wait for other tabs.
  }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('The database does not answer.')), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
