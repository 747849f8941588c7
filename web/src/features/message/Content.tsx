// What a message says, or that it says nothing any more, and where it came from.

import { CornerUpRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '@/lib/text';
import { full } from '@/lib/time';
import type { Forwarded, Message } from '@/protocol.gen';
import { useUser } from '@/sync';
import { Body } from './Body';
import styles from './Message.module.css';

interface ContentProps {
  message: Message;
  /** Stands in the place of the text. */
  instead?: ReactNode;
  /** Follows the text, such as its files. */
  children?: ReactNode;
}

export function Content({ message, instead, children }: ContentProps) {
  const t = useText();
  if (message.deleted_at) return <p className={styles.tombstone}>{t('message.deleted')}</p>;
  return (
    <div className={message.forwarded_from ? styles.forwarded : undefined}>
      {message.forwarded_from && <Origin from={message.forwarded_from} />}
      {instead}
      {!instead && (message.body !== '' || message.edited_at) && (
        <Body text={message.body} broadcast={Boolean(message.mentions_all)}>
          {message.edited_at && (
            <span className={styles.edited} title={full(message.edited_at)}>
              {t('message.edited')}
            </span>
          )}
        </Body>
      )}
      {children}
    </div>
  );
}

function Origin({ from }: { from: Forwarded }) {
  const t = useText();
  const sender = useUser(from.sender_id);
  return (
    <p className={styles.origin} title={full(from.created_at)}>
      <CornerUpRight className={styles.mirrored} size="0.875em" aria-hidden="true" />
      {t('message.forwardedFrom', { name: sender?.display_name ?? t('common.unknownUser') })}
    </p>
  );
}
