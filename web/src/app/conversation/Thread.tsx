// The composition of a thread: its pane, its messages and its composer.

import { Composer } from '@/features/composer/Composer';
import { edit, isEditable } from '@/features/message/commands';
import { SceneContext } from '@/features/message/scene';
import { ThreadPane } from '@/features/thread/ThreadPane';
import { useText } from '@/lib/text';
import type { Message } from '@/protocol.gen';
import { useThread, type ConversationEntry } from '@/sync';
import { ComposedMessage } from './ComposedMessage';
import { renderPending } from './pending';
import { useScene } from './useScene';

interface ThreadProps {
  entry: ConversationEntry;
  me: string;
  parentId: string;
  onClose: () => void;
}

export default function Thread({ entry, me, parentId, onClose }: ThreadProps) {
  const t = useText();
  const { id } = entry.conversation;
  const scene = useScene(entry, me, parentId);
  const { replies } = useThread(id, parentId);
  const editLast = () => {
    const last = replies.findLast((message) => isEditable(message, scene));
    if (last) edit(last);
  };
  return (
    <SceneContext value={scene}>
      <ThreadPane
        conversationId={id}
        parentId={parentId}
        onClose={onClose}
        renderMessage={renderMessage}
        renderPending={renderPending}
        composer={
          <Composer
            conversationId={id}
            parentId={parentId}
            label={t('thread.composer')}
            onEditLast={editLast}
            autoFocus
          />
        }
      />
    </SceneContext>
  );
}

function renderMessage(message: Message, grouped: boolean) {
  return <ComposedMessage message={message} grouped={grouped} />;
}
