// The files of a conversation among its details: another feature's, which the details need not know.

import { Suspense } from 'react';
import { late } from '@/lib/late';
import { Loading } from '@/ui';

const Gallery = late(() => import('@/features/file/Gallery'));

export function renderFiles(conversationId: string) {
  return (
    <Suspense fallback={<Loading />}>
      <Gallery conversationId={conversationId} />
    </Suspense>
  );
}
