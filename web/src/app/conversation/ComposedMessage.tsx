// A message with what other features add to it: its reactions, and in the main timeline the way into its thread.

import { memo, Suspense, useCallback } from 'react';
import { Attachments } from '@/features/file/Attachments';
import { isClosable, isOwn, isReactable, isVotable } from '@/features/message/commands';
import { MessageRow, type QuickReactions as Quick } from '@/features/message/MessageRow';
import { useScene } from '@/features/message/scene';
import { QuickReactions } from '@/features/reaction/QuickReactions';
import { Reactions } from '@/features/reaction/Reactions';
import { Replies } from '@/features/thread/Replies';
import { late } from '@/lib/late';
import type { Message } from '@/protocol.gen';

const Poll = late(() => import('@/features/poll/Poll'));
const Previews = late(() => import('@/features/preview/Previews'));

interface ComposedMessageProps {
  message: Message;
  grouped: boolean;
  highlighted?: boolean;
  newestOwn?: boolean;
  /** Ids of some who replied, joined by commas. */
  faces?: string;
}

export const ComposedMessage = memo(function ComposedMessage({ faces = '', ...row }: ComposedMessageProps) {
  const { message } = row;
  const scene = useScene();
  const quick: Quick = useCallback((picker) => <QuickReactions message={message} {...picker} />, [message]);
  const { poll, previews } = message;
  return (
    <MessageRow
      {...row}
      instead={
        poll && (
          <Suspense fallback={poll.question}>
            <Poll
              message={message}
              poll={poll}
              disabled={!isVotable(message, scene)}
              mayClose={isClosable(message, scene)}
            />
          </Suspense>
        )
      }
      below={
        previews &&
        previews.length > 0 && (
          <Suspense fallback={null}>
            <Previews message={message} previews={previews} own={isOwn(message, scene)} />
          </Suspense>
        )
      }
      quick={quick}
      files={message.attachments.length > 0 && <Attachments message={message} />}
      reactions={
        message.reactions.length > 0 && <Reactions message={message} disabled={!isReactable(message, scene)} />
      }
      replies={scene.parentId === null && message.reply_count > 0 && <Replies message={message} faces={faces} />}
    />
  );
});
