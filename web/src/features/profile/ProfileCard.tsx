// Who somebody is: their face and names, whether they are there, what they say of themselves, and what one may do.

import { Bot, CalendarDays, Clock, Crown, Pencil, ShieldCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { closeOverlay, openOverlay, go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { presenceText, presentStatus } from '@/lib/presence';
import { useText } from '@/lib/text';
import { full } from '@/lib/time';
import type { User, UserSummary } from '@/protocol.gen';
import { Avatar, Button, Loading } from '@/ui';
import { Dialog } from '@/ui/Dialog';
import { Actions } from '@/ui/Section';
import { StatusLine } from '@/ui/StatusLine';
import { usePresence, useProfile, useSession, useUser } from '@/sync';
import { TheirTime } from './TheirTime';
import styles from './ProfileCard.module.css';
import { Relation } from './Relation';

export interface ProfileCardProps {
  userId: string;
  onClose: () => void;
}

export default function ProfileCard({ userId, onClose }: ProfileCardProps) {
  const t = useText();
  const summary = useUser(userId);
  const user = useProfile(userId);
  const session = useSession();
  const isSelf = session.phase === 'signed-in' && session.userId === userId;
  const known = user ?? summary;
  return (
    <Dialog title={t('profile.title')} onClose={onClose}>
      {known ? (
        <div className={styles.card}>
          <Head person={known} user={user} />
          {user && <Words user={user} />}
          {isSelf ? <Own /> : <Relation person={known} />}
          {user && <Facts user={user} />}
        </div>
      ) : (
        <Loading />
      )}
    </Dialog>
  );
}

function Head({ person, user }: { person: UserSummary; user: User | null }) {
  const t = useText();
  const presence = usePresence(person.id);
  return (
    <div className={styles.head}>
      <Avatar id={person.id} name={person.display_name} src={person.avatar} size="xl" presence={presence?.status} />
      <div className={styles.names}>
        <h3 className={styles.name}>
          <bdi>{person.display_name}</bdi>
        </h3>
        <p className={styles.line}>
          <bdi dir="ltr">@{person.username}</bdi>
          {presence && ` · ${presenceText(presence, t)}`}
        </p>
        <div className={styles.marks}>
          {person.bot && <Mark icon={<Bot size="1em" />} text={t('common.bot')} />}
          {user?.server_role === 'owner' && <Mark icon={<Crown size="1em" />} text={t('profile.serverOwner')} />}
          {user?.server_role === 'admin' && <Mark icon={<ShieldCheck size="1em" />} text={t('profile.serverAdmin')} />}
          {user?.disabled && <Mark text={t('profile.disabled')} />}
        </div>
      </div>
    </div>
  );
}

function Mark({ icon, text }: { icon?: ReactNode; text: string }) {
  return (
    <span className={styles.mark}>
      {icon}
      {text}
    </span>
  );
}

function Words({ user }: { user: User }) {
  return (
    <>
      {presentStatus(user.status) && (
        <p className={styles.status}>
          <StatusLine status={user.status} />
        </p>
      )}
      {user.about && (
        <p className={styles.about} dir="auto">
          {user.about}
        </p>
      )}
    </>
  );
}

function Own() {
  const t = useText();
  return (
    <Actions>
      <Button
        kind="primary"
        icon={<Pencil size="1em" />}
        onClick={() => {
          closeOverlay();
          go(paths.settings('profile'));
        }}
      >
        {t('profile.edit')}
      </Button>
      <Button onClick={() => openOverlay({ kind: 'status' })}>{t('profile.setStatus')}</Button>
    </Actions>
  );
}

function Facts({ user }: { user: User }) {
  const t = useText();
  return (
    <dl className={styles.facts}>
      {user.time_zone && <TheirTime timeZone={user.time_zone} icon={<Clock size="1.1em" />} />}
      {user.bot_owner_id && <BotOwner userId={user.bot_owner_id} />}
      <div className={styles.fact}>
        <CalendarDays size="1.1em" aria-hidden="true" />
        <dt>{t('profile.since')}</dt>
        <dd>{full(user.created_at)}</dd>
      </div>
    </dl>
  );
}

function BotOwner({ userId }: { userId: string }) {
  const t = useText();
  const owner = useUser(userId);
  return (
    <div className={styles.fact}>
      <Bot size="1.1em" aria-hidden="true" />
      <dt>{t('profile.botOf')}</dt>
      <dd>
        <button type="button" className={styles.link} onClick={() => openOverlay({ kind: 'profile', userId })}>
          <bdi>{owner?.display_name ?? t('common.unknownUser')}</bdi>
        </button>
      </dd>
    </div>
  );
}
