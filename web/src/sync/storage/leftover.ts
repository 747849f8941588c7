// A page that is closed while it forgets an account leaves some of it behind. Where nobody is signed in, nothing of
// anybody is kept: the next start finishes what was begun.

import type { Env } from '../env';
import { Notes } from './notes';
import { dropDatabase } from './open';

const account = /^laserchat-(\d+)(?:-files)?$/;

/** `isNobody` is asked again before anything is dropped: somebody may be signing in in another tab. */
export async function sweep(env: Env, isNobody: () => Promise<boolean>): Promise<void> {
  if (!env.stored) return;
  try {
    const names = (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
    for (const name of names) {
      const userId = account.exec(name)?.[1];
      if (userId === undefined || !(await isNobody())) continue;
      new Notes(env.notes, userId).forget();
      await dropDatabase(name);
    }
  } catch {
    // A browser that does not list its databases keeps what is there until its owner comes back.
  }
}
