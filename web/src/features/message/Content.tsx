// What a message says, or that it says nothing any more, and where it came from.

import { CornerUpRight } from 'lucide-react';
import { useText } from '@/lib/text';
import { full } from '@/lib/time';
import type { Forwarded, Message } from '@/protocol.gen';
import { useUser } from '@/sync';
import { Body } from './Body';
import styles from './Message.module.css';

export function Content({ message }: { message: Message }) {
  const t = useText();
  if (message.deleted_at) return <p className={styles.tombstone}>{t('message.deleted')}</p>;
  return (
    <div className={message.forwarded_from ? styles.forwarded : undefined}>
      {message.forwarded_from && <Origin from={message.forwarded_from} />}
      <Body text={message.body} broadcast={Boolean(message.mentions_all)}>
        {message.edited_at && (
          <span className={styles.edited} title={full(message.edited_at)}>
            {t('message.edited')}
          </span>
        )}
      </Body>
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
