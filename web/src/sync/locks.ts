// Locks that hold between the tabs of one browser. Web Locks where there are any. Without them (pages that did not come
// by HTTPS have none) a lock only holds within the tab, and every tab works for itself, which is slower but not wrong:
// the server keeps a message once, whoever sends it.

import type { Env } from './env';

const chains = new Map<string, Promise<unknown>>();

/** Runs `work` while nobody else holds the lock. */
export async function exclusive<T>(env: Env, name: string, work: () => Promise<T>): Promise<T> {
  if (env.locks !== null) {
    // The types of some versions of the standard library unwrap the promise, and those of others do not.
    return await (env.locks.request(name, work) as Promise<T>);
  }
  const before = chains.get(name) ?? Promise.resolve();
  const mine = before.then(work, work);
  chains.set(name, mine);
  return await mine;
}
