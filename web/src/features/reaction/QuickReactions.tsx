// The three emoji that one uses most, and the picker for all others: for the toolbar and the sheet of a message.

import { SmilePlus } from 'lucide-react';
import { useText } from '@/lib/text';
import type { Message } from '@/protocol.gen';
import { IconButton } from '@/ui';
import { EmojiButton } from '@/ui/emoji';
import { Sign } from '@/ui/emoji/Sign';
import { frequent } from './frequent';
import { hasMine, react } from './react';
import styles from './Reactions.module.css';

interface QuickReactionsProps {
  message: Message;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function QuickReactions({ message, open, onOpenChange }: QuickReactionsProps) {
  const t = useText();
  return (
    <>
      {frequent(3).map((emoji) => (
        <IconButton
          key={emoji}
          small
          data-emoji={emoji}
          label={t('reaction.with', { emoji })}
          aria-pressed={hasMine(message, emoji)}
          onClick={() => react(message, emoji, !hasMine(message, emoji))}
        >
          <span className={styles.emoji} aria-hidden="true">
            <Sign emoji={emoji} />
          </span>
        </IconButton>
      ))}
      <EmojiButton
        open={open}
        onOpenChange={onOpenChange}
        onPick={(emoji) => react(message, emoji, true)}
        trigger={
          <IconButton small label={t('reaction.add')}>
            <SmilePlus size="1.125em" />
          </IconButton>
        }
      />
    </>
  );
}
