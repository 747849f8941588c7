// The page of one conversation: its messages if it is here and open to one, and otherwise a calm word about why not.

import { lazy, Suspense, useState } from 'react';
import { useConversation, useConversations, useSession } from '@/sync';
import { Loading } from '@/ui';
import { Conversation } from './Conversation';
import styles from './Conversation.module.css';

const Absent = lazy(() => import('./Absent'));
const Gone = lazy(() => import('./Gone'));

export interface ConversationPageProps {
  conversationId: string;
  /** The message whose thread is open. */
  parentId?: string | null;
  /** The seq of a message to show. */
  at?: number | null;
}

export function ConversationPage(props: ConversationPageProps) {
  // Another conversation is another page: nothing of the last one's state may linger.
  return <Page key={props.conversationId} {...props} />;
}

function Page({ conversationId, parentId = null, at = null }: ConversationPageProps) {
  const session = useSession();
  const known = useConversations() !== null;
  const entry = useConversation(conversationId);
  const joined = entry?.membership.state === 'joined';
  const [was, setWas] = useState(joined);
  if (joined && !was) setWas(true);
  if (session.phase !== 'signed-in' || (!known && !entry)) return <Loading />;
  return (
    <div className={styles.page}>
      <Suspense fallback={<Loading />}>
        {entry && joined ? (
          <Conversation entry={entry} me={session.userId} parentId={parentId} at={at} />
        ) : was ? (
          <Gone />
        ) : (
          <Absent conversationId={conversationId} />
        )}
      </Suspense>
    </div>
  );
}
