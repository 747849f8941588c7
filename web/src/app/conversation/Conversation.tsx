// The composition of a conversation: header, pinned messages, timeline, who is typing, composer, and the open thread
// beside it. Features do not know each other; here they meet.

import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { late } from '@/lib/late';
import { useLocation } from 'wouter';
import { Composer } from '@/features/composer/Composer';
import { ConversationHeader } from '@/features/conversation/ConversationHeader';
import { edit, isEditable } from '@/features/message/commands';
import { SceneContext } from '@/features/message/scene';
import { repliers } from '@/features/thread/repliers';
import { Timeline, type Around } from '@/features/timeline/Timeline';
import { TypingLine } from '@/features/timeline/TypingLine';
import { cx } from '@/lib/cx';
import { conversationName } from '@/lib/naming';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import type { Message } from '@/protocol.gen';
import { useTimeline, type ConversationEntry } from '@/sync';
import { Loading } from '@/ui';
import { Beginning } from './Beginning';
import { ComposedMessage } from './ComposedMessage';
import styles from './Conversation.module.css';
import { PinBar } from './PinBar';
import { renderPending } from './pending';
import { useScene } from './useScene';

const Trouble = lazy(() => import('./Trouble'));
const Thread = late(() => import('./Thread'));

interface ConversationProps {
  entry: ConversationEntry;
  me: string;
  parentId: string | null;
  at: number | null;
}

export function Conversation({ entry, me, parentId, at }: ConversationProps) {
  const t = useText();
  const [, go] = useLocation();
  const { conversation, membership, peer, unread } = entry;
  const { id } = conversation;
  const scene = useScene(entry, me, null);
  // Where reading stopped when the page was opened; what is read meanwhile does not move it.
  const [opening] = useState(() => at ?? (unread > 0 ? membership.read + 1 : null));
  const view = useTimeline(id, opening);
  const faces = useMemo(() => repliers(view.messages), [view.messages]);
  const name = conversationName(conversation, peer, me, t);

  const renderMessage = useCallback(
    (message: Message, around: Around) => (
      <ComposedMessage message={message} faces={faces.get(message.id)?.join(',') ?? ''} {...around} />
    ),
    [faces],
  );
  const editLast = () => {
    const last = view.messages.findLast((message) => !message.parent_id && isEditable(message, scene));
    if (last) edit(last);
  };

  return (
    <SceneContext value={scene}>
      <div className={cx(styles.conversation, parentId !== null && styles.beside)}>
        <ConversationHeader conversationId={id} />
        <PinBar conversationId={id} />
        {view.problem && view.messages.length === 0 ? (
          <Suspense fallback={<Loading />}>
            <Trouble problem={view.problem} onRetry={() => void view.jumpToNewest().catch(() => undefined)} />
          </Suspense>
        ) : (
          <Timeline
            conversationId={id}
            me={me}
            view={view}
            at={at}
            readTo={membership.read}
            unread={unread}
            member
            beginning={<Beginning entry={entry} name={name} me={me} />}
            renderMessage={renderMessage}
            renderPending={renderPending}
          />
        )}
        <TypingLine conversationId={id} />
        <Composer conversationId={id} label={t('timeline.composer', { name })} onEditLast={editLast} autoFocus />
      </div>
      {parentId !== null && (
        <div className={styles.pane}>
          <Suspense fallback={<Loading />}>
            <Thread
              key={parentId}
              entry={entry}
              me={me}
              parentId={parentId}
              onClose={() => go(paths.conversation(id))}
            />
          </Suspense>
        </div>
      )}
    </SceneContext>
  );
}
