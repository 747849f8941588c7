// The pages of those who run the server, with what other features put into them.

import { Suspense } from 'react';
import AdminPage from '@/features/admin/AdminPage';
import { EmojiPage } from '@/features/settings/EmojiPage';
import { late } from '@/lib/late';
import { Loading } from '@/ui';

const Webhooks = late(() => import('@/features/webhook/Webhooks'));

export default function Administration() {
  return (
    <AdminPage
      emoji={<EmojiPage />}
      integrations={
        <Suspense fallback={<Loading />}>
          <Webhooks conversationId={null} />
        </Suspense>
      }
    />
  );
}
