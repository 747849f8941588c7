// What stands before the first message: whose conversation it is, what it is about, since when.

import { Hash, Users } from 'lucide-react';
import { useText } from '@/lib/text';
import { day } from '@/lib/time';
import type { ConversationEntry } from '@/sync';
import { Avatar } from '@/ui';
import styles from './Beginning.module.css';

interface BeginningProps {
  entry: ConversationEntry;
  name: string;
  me: string;
}

export function Beginning({ entry: { conversation, peer }, name, me }: BeginningProps) {
  const t = useText();
  const face = peer ?? conversation;
  const text = !peer
    ? t('timeline.beginning', { name, when: day(conversation.created_at) })
    : peer.id === me
      ? t('timeline.beginningNotes')
      : t('timeline.beginningDirect', { name });
  return (
    <div className={styles.beginning}>
      <Avatar id={face.id} name={name} src={face.avatar} size="l">
        {conversation.type === 'channel' ? (
          <Hash size="1.25em" />
        ) : conversation.type === 'group' ? (
          <Users size="1.25em" />
        ) : null}
      </Avatar>
      <h2 className={styles.name}>
        <bdi>{name}</bdi>
      </h2>
      {conversation.topic && (
        <p className={styles.topic} dir="auto">
          {conversation.topic}
        </p>
      )}
      <p className={styles.text}>{text}</p>
    </div>
  );
}
