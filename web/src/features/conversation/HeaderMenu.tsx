// What the menu of a conversation's header offers.

import { Bell, BellOff, CalendarDays, Info, Pin, Search, Star, StarOff } from 'lucide-react';
import { go, openOverlay } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import type { OpenMenu } from '@/ui/LateMenu';
import MenuAt from '@/ui/MenuAt';
import type { ConversationEntry } from '@/sync';
import { isMuted } from './mute';
import { change, useMuting } from './useMuting';

interface HeaderMenuProps extends OpenMenu {
  entry: ConversationEntry;
}

export default function HeaderMenu({ entry: { conversation, membership }, ...open }: HeaderMenuProps) {
  const t = useText();
  const { id } = conversation;
  const { choices, unmute } = useMuting(id);
  const { favourite } = membership;
  const muted = isMuted(membership.notifications_muted_until);
  return (
    <MenuAt
      {...open}
      align="end"
      items={[
        {
          label: t(favourite ? 'conversation.unfavourite' : 'conversation.favourite'),
          icon: favourite ? <StarOff size="1em" /> : <Star size="1em" />,
          onSelect: () => change(id, { favourite: !favourite }),
        },
        {
          label: t('header.search'),
          icon: <Search size="1em" />,
          onSelect: () => go(paths.search(`in:${id} `)),
        },
        {
          label: t('header.pins'),
          icon: <Pin size="1em" />,
          onSelect: () => openOverlay({ kind: 'details', conversationId: id, tab: 'pins' }),
        },
        {
          label: t('timeline.jumpToDate'),
          icon: <CalendarDays size="1em" />,
          onSelect: () => openOverlay({ kind: 'jump-to-date', conversationId: id }),
        },
        {
          label: t('header.details'),
          icon: <Info size="1em" />,
          onSelect: () => openOverlay({ kind: 'details', conversationId: id }),
        },
        'line',
        ...(muted
          ? [{ label: t('conversation.unmute'), icon: <Bell size="1em" />, onSelect: unmute }]
          : choices.map(({ label, choose }) => ({ label, icon: <BellOff size="1em" />, onSelect: choose }))),
      ]}
    />
  );
}
