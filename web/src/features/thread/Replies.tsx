// Under a message that has replies: how many, when the last one came, and some faces. It opens the thread.

import { ChevronRight } from 'lucide-react';
import { Link } from 'wouter';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import { brief, full } from '@/lib/time';
import type { Message } from '@/protocol.gen';
import { useUser } from '@/sync';
import { Avatar } from '@/ui';
import styles from './Replies.module.css';

interface RepliesProps {
  message: Message;
  /** Ids of some who replied, joined by commas, so that the same ones are the same value. */
  faces: string;
}

export function Replies({ message, faces }: RepliesProps) {
  const t = useText();
  const { reply_count: count, last_reply_at: last } = message;
  if (count === 0) return null;
  return (
    <Link href={paths.thread(message.conversation_id, message.id)} className={styles.replies}>
      {faces !== '' && (
        <span className={styles.faces} aria-hidden="true">
          {faces.split(',').map((userId) => (
            <Face key={userId} userId={userId} />
          ))}
        </span>
      )}
      <span className={styles.count}>{t('thread.replies', { count })}</span>
      {last && (
        <time className={styles.last} dateTime={last} title={full(last)}>
          {t('thread.last', { time: brief(last) })}
        </time>
      )}
      <ChevronRight className={styles.arrow} size="1em" aria-hidden="true" />
    </Link>
  );
}

function Face({ userId }: { userId: string }) {
  const user = useUser(userId);
  return <Avatar id={userId} name={user?.display_name ?? ''} src={user?.avatar} size="s" />;
}
