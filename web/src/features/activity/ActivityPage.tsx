// What one was notified of, the newest first, each with a way to its place. What is not read yet stands out.

import { AtSign, Bell, KeyRound, MessageCircle, MessagesSquare, type LucideIcon } from 'lucide-react';
import { nameOf } from '@/lib/entry';
import { usePages } from '@/lib/pages';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import type { ActivityItem, NotifyReason, Page } from '@/protocol.gen';
import { api, useConversation } from '@/sync';
import { Empty } from '@/ui';
import { Endless } from '@/ui/Endless';
import { plainText } from '@/ui/markdown';
import { MessageCard } from '@/ui/MessageCard';
import { SinglePage } from '@/ui/SinglePage';
import styles from './ActivityPage.module.css';

const icons: Record<NotifyReason, LucideIcon> = {
  mention: AtSign,
  reply: MessagesSquare,
  keyword: KeyRound,
  direct: MessageCircle,
  message: Bell,
};

function load(cursor: string | undefined, signal: AbortSignal): Promise<Page<ActivityItem>> {
  return api.get('/me/activity', { cursor, limit: 30 }, signal);
}

export default function ActivityPage() {
  const t = useText();
  const pages = usePages(load);
  return (
    <SinglePage title={t('activity.title')}>
      <Endless
        pages={pages}
        label={t('activity.title')}
        keyOf={({ message_id }) => message_id}
        empty={<Empty icon={<Bell size="1.5rem" />} title={t('activity.nothing')} text={t('activity.nothingText')} />}
      >
        {(item) => <Item item={item} />}
      </Endless>
    </SinglePage>
  );
}

function Item({ item: { reason, sender, message, conversation_id, created_at, read } }: { item: ActivityItem }) {
  const t = useText();
  const entry = useConversation(conversation_id);
  const Icon = icons[reason];
  const { parent_id: parent, seq, deleted_at, body } = message;
  // What was read meanwhile is known here before the server is asked again.
  const done = read || (entry !== null && entry.membership.read >= seq);
  return (
    <MessageCard
      person={{ id: sender.id, name: sender.display_name, avatar: sender.avatar }}
      mark={done ? null : <span className={styles.unread} role="img" aria-label={t('activity.unread')} />}
      where={
        <>
          <Icon className={styles.icon} size="1em" aria-hidden="true" /> {t(`activity.${reason}`)}
          {entry && entry.conversation.type !== 'direct' && (
            <>
              {' · '}
              <bdi>{nameOf(entry, t)}</bdi>
            </>
          )}
        </>
      }
      time={created_at}
      href={parent ? paths.thread(conversation_id, parent) : paths.conversation(conversation_id, seq)}
    >
      {deleted_at ? t('message.deleted') : plainText(body)}
    </MessageCard>
  );
}
