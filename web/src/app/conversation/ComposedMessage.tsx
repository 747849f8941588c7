// A message with what other features add to it: its reactions, and in the main timeline the way into its thread.

import { memo, useCallback } from 'react';
import { isReactable } from '@/features/message/commands';
import { MessageRow, type QuickReactions as Quick } from '@/features/message/MessageRow';
import { useScene } from '@/features/message/scene';
import { QuickReactions } from '@/features/reaction/QuickReactions';
import { Reactions } from '@/features/reaction/Reactions';
import { Replies } from '@/features/thread/Replies';
import type { Message } from '@/protocol.gen';

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
  return (
    <MessageRow
      {...row}
      quick={quick}
      reactions={
        message.reactions.length > 0 && <Reactions message={message} disabled={!isReactable(message, scene)} />
      }
      replies={scene.parentId === null && message.reply_count > 0 && <Replies message={message} faces={faces} />}
    />
  );
});
