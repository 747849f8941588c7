// Where to resume from, as a query.

import type { Query } from '../api/request';
import type { Resume } from '../state';

export function resumeQuery({ cursors, version, epoch }: Resume): Query {
  const pairs = Object.entries(cursors ?? {}).map(([id, seq]) => `${id}:${seq}`);
  return {
    cursors: pairs.length === 0 ? undefined : pairs.join(','),
    version: version ?? undefined,
    epoch: epoch ?? undefined,
  };
}
