// Locks between tabs for pages that have no Web Locks, which is all that did not come by HTTPS: a lease in the database,
// whose transactions are atomic between tabs. Whoever holds it renews it; a lease that was not renewed for long is free.

import type { DBSchema } from 'idb';
import { openDatabase } from './open';

interface LeaseSchema extends DBSchema {
  leases: { key: string; value: { readonly owner: string; readonly until: number } };
}

type Locks = Pick<LockManager, 'request'>;

/** Longer than the minute for which a browser lets a hidden tab sleep. */
const LASTS = 90_000;
const RENEW = 5_000;
const LOOK = 150;

export function leaseLocks(now: () => number, other: Locks): Locks {
  const owner = crypto.randomUUID();
  const opening = openDatabase<LeaseSchema>('laserchat-leases', 1, (database) => database.createObjectStore('leases'));

  /** Takes or renews the lease if it is free or one's own. Throws when there is no database. */
  async function take(name: string, mine: string, steal: boolean): Promise<boolean> {
    const database = await opening;
    if (database === null) throw new DOMException('No database.', 'NotSupportedError');
    const transaction = database.transaction('leases', 'readwrite');
    const held = await transaction.store.get(name);
    const free = held === undefined || held.owner === mine || held.until < now();
    if (free || steal) await transaction.store.put({ owner: mine, until: now() + LASTS }, name);
    await transaction.done;
    return free || steal;
  }

  async function release(name: string, mine: string): Promise<void> {
    const transaction = (await opening)?.transaction('leases', 'readwrite');
    if ((await transaction?.store.get(name))?.owner === mine) await transaction?.store.delete(name);
    await transaction?.done;
  }

  async function request(name: string, ...rest: readonly unknown[]): Promise<unknown> {
    // The two ways of calling it that the standard has.
    const options = (rest.length === 2 ? rest[0] : {}) as LockOptions;
    const work = rest.at(-1) as LockGrantedCallback<unknown>;
    const mine = `${owner} ${crypto.randomUUID()}`;
    if ((await opening) === null) return await other.request(name, options, work);
    while (!(await take(name, mine, options.steal === true))) {
      options.signal?.throwIfAborted();
      await new Promise((resolve) => {
        setTimeout(resolve, LOOK);
      });
    }
    let timer: ReturnType<typeof setInterval> | undefined;
    const lost = new Promise<never>((_resolve, reject) => {
      const renew = () =>
        take(name, mine, false).then(
          (held) => held || reject(new DOMException('Another tab has the lock.', 'AbortError')),
          reject,
        );
      timer = setInterval(() => void renew(), RENEW);
    });
    try {
      return await Promise.race([work({ name, mode: 'exclusive' }), lost]);
    } finally {
      clearInterval(timer);
      await release(name, mine).catch(() => undefined);
    }
  }

  return { request };
}
