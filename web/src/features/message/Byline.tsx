// The line over a message: the sender's name, what marks the sender or the message, and the time.

import { Bot, Pin } from 'lucide-react';
import { openOverlay } from '@/lib/overlay';
import { useText } from '@/lib/text';
import { clock, full } from '@/lib/time';
import type { Message } from '@/protocol.gen';
import styles from './Message.module.css';

interface BylineProps {
  message: Message;
  name: string;
  bot: boolean;
  own: boolean;
}

export function Byline({ message, name, bot, own }: BylineProps) {
  const t = useText();
  return (
    <div className={styles.byline}>
      <button
        type="button"
        tabIndex={-1}
        className={styles.name}
        onClick={() => openOverlay({ kind: 'profile', userId: message.sender_id })}
      >
        <bdi>{name}</bdi>
      </button>
      {own && <span className={styles.mark}>{t('common.you')}</span>}
      {bot && (
        <span className={styles.mark}>
          <Bot size="1em" aria-hidden="true" />
          {t('common.bot')}
        </span>
      )}
      <Stamp time={message.created_at} />
      {message.pinned_at && <PinMark />}
    </div>
  );
}

export function Stamp({ time }: { time: string }) {
  return (
    <time className={styles.stamp} dateTime={time} title={full(time)}>
      {clock(time)}
    </time>
  );
}

export function PinMark() {
  const t = useText();
  return <Pin className={styles.pinned} size="0.875em" aria-label={t('message.pinned')} role="img" />;
}
