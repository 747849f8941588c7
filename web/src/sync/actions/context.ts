// What every action works with: the account that is signed in. Without one there is nothing to act for.

import type { Account } from '../account';
import type { Rest } from '../api/rest';
import { Refused } from '../refusal';

export interface Context {
  readonly rest: Rest;
  readonly current: () => Account | null;
}

export function account(context: Context): Account {
  const current = context.current();
  if (current === null) throw new Refused({ code: 'unauthorized', status: 401 });
  return current;
}
