// A message that is not sent yet, with its files, in the main timeline as in a thread.

import { Suspense } from 'react';
import { PendingRow } from '@/features/message/PendingRow';
import { late } from '@/lib/late';
import type { Pending } from '@/sync';

const PendingFiles = late(() => import('@/features/file/PendingFiles'));

export function renderPending(pending: Pending, grouped: boolean) {
  return (
    <PendingRow
      pending={pending}
      grouped={grouped}
      files={
        pending.files > 0 && (
          <Suspense fallback={null}>
            <PendingFiles clientId={pending.clientId} />
          </Suspense>
        )
      }
    />
  );
}
