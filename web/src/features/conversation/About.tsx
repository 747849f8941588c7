// What a conversation is: its topic, who made it and when, and one's own settings for it.

import { conversationName } from '@/lib/naming';
import { openOverlay } from '@/lib/overlay';
import { useText } from '@/lib/text';
import { full } from '@/lib/time';
import { Button } from '@/ui';
import { Switch } from '@/ui/Choice';
import { Menu } from '@/ui/Menu';
import { Actions, SettingRow } from '@/ui/Section';
import { useSession, useUser, type ConversationEntry } from '@/sync';
import { ConversationIcon } from './ConversationIcon';
import styles from './Details.module.css';
import { isForever, isMuted } from './mute';
import { NotifyLevelSelect } from './NotifyLevelSelect';
import { change, useMuting } from './useMuting';

export function About({ entry }: { entry: ConversationEntry }) {
  const t = useText();
  const session = useSession();
  const { conversation, membership, peer } = entry;
  const { id, type } = conversation;
  const { choices, unmute } = useMuting(id);
  const until = membership.notifications_muted_until;
  const muted = isMuted(until);
  const self = session.phase === 'signed-in' ? session.userId : undefined;
  const kind =
    type === 'direct'
      ? t('conversation.direct')
      : type === 'group'
        ? t('conversation.group')
        : t(conversation.public ? 'conversation.publicChannel' : 'conversation.privateChannel');

  return (
    <div className={styles.scroll}>
      <div className={styles.face}>
        <ConversationIcon entry={entry} size="l" />
        <div className={styles.faceWords}>
          <div className={styles.faceName}>
            <bdi>{conversationName(conversation, peer, self, t)}</bdi>
          </div>
          <div className={styles.faint}>{kind}</div>
        </div>
      </div>
      {conversation.topic && (
        <p className={styles.topic} dir="auto">
          {conversation.topic}
        </p>
      )}
      {type === 'direct' && peer && (
        <Actions>
          <Button onClick={() => openOverlay({ kind: 'profile', userId: peer.id })}>
            {t('conversation.showProfile')}
          </Button>
        </Actions>
      )}
      <dl className={styles.facts}>
        {type !== 'direct' && (
          <>
            <dt>{t('conversation.members')}</dt>
            <dd>{t('header.memberCount', { count: conversation.member_count })}</dd>
            <dt>{t('conversation.createdBy')}</dt>
            <dd>
              <Name userId={conversation.created_by} />
            </dd>
          </>
        )}
        <dt>{t('conversation.createdAt')}</dt>
        <dd>{full(conversation.created_at)}</dd>
        {conversation.archived_at && (
          <>
            <dt>{t('header.archived')}</dt>
            <dd>{full(conversation.archived_at)}</dd>
          </>
        )}
      </dl>
      <div>
        <Switch
          label={t('conversation.favourite')}
          hint={t('conversation.favouriteHint')}
          checked={membership.favourite}
          onChange={(favourite) => change(id, { favourite })}
        />
        <NotifyLevelSelect entry={entry} />
        <SettingRow
          title={t('conversation.notifications')}
          text={
            muted && until
              ? isForever(until)
                ? t('conversation.mutedForever')
                : t('conversation.mutedUntil', { when: full(until) })
              : t('conversation.notMuted')
          }
        >
          {muted ? (
            <Button small onClick={unmute}>
              {t('conversation.unmute')}
            </Button>
          ) : (
            <Menu
              trigger={<Button small>{t('conversation.mute')}</Button>}
              items={choices.map(({ label, choose }) => ({ label, onSelect: choose }))}
            />
          )}
        </SettingRow>
      </div>
    </div>
  );
}

/** Somebody's name. */
export function Name({ userId }: { userId: string }) {
  const t = useText();
  const user = useUser(userId);
  return <bdi>{user?.display_name ?? t('common.unknownUser')}</bdi>;
}
