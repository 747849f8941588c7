// What can be done with oneself: the menu at the foot of the list.

import {
  Bell,
  BellOff,
  Bookmark,
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
import { useInstall } from '@/lib/install';
import { go, openOverlay } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { t, useText } from '@/lib/text';
import type { User } from '@/protocol.gen';
import { actions } from '@/sync';
import { complain, confirm } from '@/ui';
import type { OpenMenu } from '@/ui/LateMenu';
import MenuAt from '@/ui/MenuAt';

async function signOut(): Promise<void> {
  const sure = await confirm({
    title: t('conversations.signOutTitle'),
    text: t('conversations.signOutText'),
    action: t('conversations.signOut'),
  });
  if (sure) await actions.signOut();
}

export default function FootMenu({ user, ...open }: OpenMenu & { user: Pick<User, 'id' | 'server_role'> }) {
  const t = useText();
  const install = useInstall();
  const busy = useWish() === 'do_not_disturb';
  return (
    <MenuAt
      {...open}
      side="top"
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
        { label: t('later.title'), icon: <Bookmark size="1.1em" />, onSelect: () => go(paths.later()) },
        { label: t('activity.title'), icon: <Bell size="1.1em" />, onSelect: () => go(paths.activity) },
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
          onSelect: () => void signOut().catch(complain),
        },
      ]}
    />
  );
}
