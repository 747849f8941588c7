// The details of a conversation with what other features put into them.

import { Suspense } from 'react';
import Details, { type DetailsProps } from '@/features/conversation/Details';
import { late } from '@/lib/late';
import { Loading } from '@/ui';
import { renderFiles } from './files';

const Webhooks = late(() => import('@/features/webhook/Webhooks'));

export default function ConversationDetails(props: Omit<DetailsProps, 'integrations' | 'renderFiles'>) {
  return (
    <Details
      {...props}
      renderFiles={renderFiles}
      integrations={
        <Suspense fallback={<Loading />}>
          <Webhooks conversationId={props.conversationId} />
        </Suspense>
      }
    />
  );
}
