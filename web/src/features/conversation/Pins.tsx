// The pinned messages of a conversation, the newest first, each with a way to its place.

import { CornerUpRight, Pin, PinOff } from 'lucide-react';
import { useLocation } from 'wouter';
import { saidIn } from '@/lib/naming';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import { brief, full } from '@/lib/time';
import type { Message } from '@/protocol.gen';
import { Avatar, Empty, IconButton, Loading } from '@/ui';
import { attempt } from '@/ui/attempt';
import { actions, usePins, useUser, type ConversationEntry } from '@/sync';
import { plainText } from '@/ui/markdown';
import styles from './Pins.module.css';
import { rights } from './rights';

export function Pins({ entry, onClose }: { entry: ConversationEntry; onClose: () => void }) {
  const t = useText();
  const { messages, loading } = usePins(entry.conversation.id);
  if (messages.length === 0) {
    if (loading) return <Loading />;
    return <Empty icon={<Pin size="1.5rem" />} title={t('conversation.noPins')} text={t('conversation.noPinsText')} />;
  }
  const mayUnpin = rights(entry).may('pin');
  return (
    <ul className={styles.list}>
      {messages.map((message) => (
        <PinnedMessage key={message.id} message={message} mayUnpin={mayUnpin} onClose={onClose} />
      ))}
    </ul>
  );
}

interface PinnedMessageProps {
  message: Message;
  mayUnpin: boolean;
  onClose: () => void;
}

function PinnedMessage({ message, mayUnpin, onClose }: PinnedMessageProps) {
  const t = useText();
  const [, go] = useLocation();
  const sender = useUser(message.sender_id);
  const name = sender?.display_name ?? t('common.unknownUser');
  const unpin = () => void attempt(actions.pin(message, false), t('conversation.unpinned'));
  const jump = () => {
    onClose();
    go(paths.conversation(message.conversation_id, message.seq));
  };
  return (
    <li className={styles.pin}>
      <Avatar id={message.sender_id} name={name} src={sender?.avatar} />
      <div className={styles.words}>
        <div className={styles.head}>
          <bdi className={styles.name}>{name}</bdi>
          <time className={styles.time} dateTime={message.created_at} title={full(message.created_at)}>
            {brief(message.created_at)}
          </time>
        </div>
        <p className={styles.text} dir="auto">
          {plainText(saidIn(message))}
        </p>
      </div>
      <div className={styles.buttons}>
        <IconButton label={t('conversation.jump')} flip onClick={jump}>
          <CornerUpRight size="1.1em" />
        </IconButton>
        {mayUnpin && (
          <IconButton label={t('conversation.unpin')} onClick={unpin}>
            <PinOff size="1.1em" />
          </IconButton>
        )}
      </div>
    </li>
  );
}
