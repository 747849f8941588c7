// Locks that hold between the tabs of one browser: Web Locks where there are any, otherwise leases in the database. Where
// there is neither, tabs share nothing, and a lock need only hold within the tab.

import type { Env } from './env';
import { leaseLocks } from './storage/lease';

export type Locks = Pick<LockManager, 'request'>;

export function locksOf(env: Env): Locks {
  if (env.locks !== null) return env.locks;
  return env.stored ? leaseLocks(env.now, localLocks()) : localLocks();
}

function localLocks(): Locks {
  const chains = new Map<string, Promise<unknown>>();
  return {
    request: async (name: string, ...rest: readonly unknown[]) => {
      // The last argument is the work in each way of calling it that the standard has.
      const work = rest.at(-1) as LockGrantedCallback<unknown>;
      const run = async () => await work({ name, mode: 'exclusive' });
      const mine = (chains.get(name) ?? Promise.resolve()).then(run, run);
      chains.set(name, mine);
      return await mine;
    },
  };
}
