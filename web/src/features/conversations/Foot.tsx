// Oneself, at the foot of the list: status, contacts, settings, and the way out.

import {
  BellOff,
  CircleDot,
  Contact,
  Download,
  LogOut,
  Settings,
  ShieldCheck,
  SmilePlus,
  UserRound,
} from 'lucide-react';
import { setWish, useWish } from '@/lib/activity';
import { errorText } from '@/lib/error';
import { useInstall } from '@/lib/install';
import { go, openOverlay } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { t, useText } from '@/lib/text';
import { actions, useAccount, useContacts } from '@/sync';
import { Avatar, Badge, confirm, toast } from '@/ui';
import { LateMenu } from '@/ui/LateMenu';
import styles from './Sidebar.module.css';

async function signOut(): Promise<void> {
  const sure = await confirm({
    title: t('conversations.signOutTitle'),
    text: t('conversations.signOutText'),
    action: t('conversations.signOut'),
  });
  if (sure) await actions.signOut();
}

export function Foot() {
  const t = useText();
  const account = useAccount();
  const install = useInstall();
  const wish = useWish();
  const requests = useContacts()?.filter((contact) => contact.state === 'pending' && !contact.blocked).length ?? 0;
  if (!account) return <div className={styles.foot} />;

  const { user } = account;
  const status = user.status;
  const busy = wish === 'do_not_disturb';
  return (
    <div className={styles.foot}>
      <LateMenu
        label={t('conversations.you')}
        className={styles.self}
        side="top"
        align="start"
        items={[
          {
            label: t('conversations.profile'),
            icon: <UserRound size="1.1em" />,
            onSelect: () => openOverlay({ kind: 'profile', userId: user.id }),
          },
          {
            label: t('conversations.setStatus'),
            icon: <SmilePlus size="1.1em" />,
            onSelect: () => openOverlay({ kind: 'status' }),
          },
          {
            label: t('conversations.active'),
            icon: <CircleDot size="1.1em" />,
            checked: !busy,
            onSelect: () => setWish('active'),
          },
          {
            label: t('common.doNotDisturb'),
            icon: <BellOff size="1.1em" />,
            checked: busy,
            onSelect: () => setWish('do_not_disturb'),
          },
          'line',
          {
            label: t('conversations.contactsPage'),
            icon: <Contact size="1.1em" />,
            onSelect: () => go(paths.contacts),
          },
          { label: t('conversations.settings'), icon: <Settings size="1.1em" />, onSelect: () => go(paths.settings()) },
          user.server_role !== 'member' && {
            label: t('conversations.admin'),
            icon: <ShieldCheck size="1.1em" />,
            onSelect: () => go(paths.admin()),
          },
          install && { label: t('install.install'), icon: <Download size="1.1em" />, onSelect: install },
          'line',
          {
            label: t('conversations.signOut'),
            icon: <LogOut size="1.1em" />,
            onSelect: () => void signOut().catch((problem: unknown) => toast(errorText(problem), { kind: 'problem' })),
          },
        ]}
      >
        <Avatar id={user.id} name={user.display_name} src={user.avatar} presence={busy ? 'do_not_disturb' : 'online'} />
        <span className={styles.selfWords}>
          <span className={styles.selfName}>
            <bdi>{user.display_name}</bdi>
          </span>
          <span className={styles.selfStatus}>
            <bdi>{status ? `${status.emoji ?? ''} ${status.text ?? ''}`.trim() : `@${user.username}`}</bdi>
          </span>
        </span>
      </LateMenu>
      {requests > 0 && (
        <button type="button" className={styles.requests} onClick={() => go(paths.contacts)}>
          <Badge count={requests} kind="attention" label={t('conversations.contactRequests', { count: requests })} />
        </button>
      )}
    </div>
  );
}
