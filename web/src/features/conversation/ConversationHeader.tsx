// The line above a conversation: who or what it is, a few words about it, and what opens its details.

import { ArrowLeft, MoreVertical, Pin, Search, Timer, Users } from 'lucide-react';
import { useLocation } from 'wouter';
import { late } from '@/lib/late';
import { conversationName } from '@/lib/naming';
import { openOverlay } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { presenceText, presentStatus } from '@/lib/presence';
import { useText } from '@/lib/text';
import { span } from '@/lib/time';
import { IconButton } from '@/ui';
import { LateMenu } from '@/ui/LateMenu';
import { StatusLine } from '@/ui/StatusLine';
import { useConversation, usePresence, useProfile, useSession, type ConversationEntry } from '@/sync';
import { ConversationIcon } from './ConversationIcon';
import styles from './ConversationHeader.module.css';

const HeaderMenu = late(() => import('./HeaderMenu'));

export function ConversationHeader({ conversationId }: { conversationId: string }) {
  const entry = useConversation(conversationId);
  return <header className={styles.header}>{entry && <Content entry={entry} />}</header>;
}

function Content({ entry }: { entry: ConversationEntry }) {
  const t = useText();
  const [, go] = useLocation();
  const session = useSession();
  const { conversation, peer } = entry;
  const { id } = conversation;
  const self = session.phase === 'signed-in' ? session.userId : undefined;
  const name = conversationName(conversation, peer, self, t);
  const direct = conversation.type === 'direct';

  return (
    <>
      <IconButton label={t('common.back')} flip className={styles.back} onClick={() => go(paths.home)}>
        <ArrowLeft size="1.25em" />
      </IconButton>
      <button
        type="button"
        className={styles.who}
        title={t('header.details')}
        onClick={() =>
          direct && peer
            ? openOverlay({ kind: 'profile', userId: peer.id })
            : openOverlay({ kind: 'details', conversationId: id })
        }
      >
        <ConversationIcon entry={entry} />
        <span className={styles.words}>
          <h1 className={styles.name}>
            <bdi>{name}</bdi>
          </h1>
          <span className={styles.line}>
            {direct && peer ? peer.id !== self && <PeerLine userId={peer.id} /> : <About entry={entry} />}
          </span>
        </span>
      </button>
      <div className={styles.buttons}>
        {!direct && (
          <IconButton
            label={t('header.memberCount', { count: conversation.member_count })}
            className={styles.members}
            onClick={() => openOverlay({ kind: 'details', conversationId: id, tab: 'members' })}
          >
            <Users size="1.2em" />
            <span aria-hidden="true">{conversation.member_count}</span>
          </IconButton>
        )}
        <IconButton label={t('header.search')} className={styles.wide} onClick={() => go(paths.search(`in:${id} `))}>
          <Search size="1.2em" />
        </IconButton>
        <IconButton
          label={t('header.pins')}
          className={styles.wide}
          onClick={() => openOverlay({ kind: 'details', conversationId: id, tab: 'pins' })}
        >
          <Pin size="1.2em" />
        </IconButton>
        <LateMenu label={t('common.more')} renderMenu={(open) => <HeaderMenu entry={entry} {...open} />}>
          <MoreVertical size="1.25em" />
        </LateMenu>
      </div>
    </>
  );
}

function About({ entry }: { entry: ConversationEntry }) {
  const t = useText();
  const { conversation } = entry;
  const { expire_seconds: expires } = conversation;
  const archived = conversation.archived_at ? `${t('header.archived')} · ` : '';
  const words = conversation.topic || t('header.memberCount', { count: conversation.member_count });
  return (
    <bdi>
      {archived}
      {expires && (
        <Timer size="1em" className={styles.timer} aria-label={t('header.expires', { span: span(expires) })} />
      )}
      {words}
    </bdi>
  );
}

/** What the other person says of themselves, and whether they are there. */
function PeerLine({ userId }: { userId: string }) {
  const t = useText();
  const presence = usePresence(userId);
  const status = presentStatus(useProfile(userId)?.status);
  return (
    <>
      {presence && presenceText(presence, t)}
      {presence && status && ' · '}
      <StatusLine status={status} />
    </>
  );
}
