// What the menu of a conversation's header offers.

import { Bell, BellOff, Info, Pin, Star, StarOff } from 'lucide-react';
import { openOverlay } from '@/lib/overlay';
import { useText } from '@/lib/text';
import type { MenuProps } from '@/ui/Menu';
import type { ConversationEntry } from '@/sync';
import { isMuted } from './mute';
import { change, useMuting } from './useMuting';

export function useHeaderMenu({ conversation, membership }: ConversationEntry): MenuProps['items'] {
  const t = useText();
  const { id } = conversation;
  const { choices, unmute } = useMuting(id);
  const { favourite } = membership;
  const muted = isMuted(membership.notifications_muted_until);
  return [
    {
      label: t(favourite ? 'conversation.unfavourite' : 'conversation.favourite'),
      icon: favourite ? <StarOff size="1em" /> : <Star size="1em" />,
      onSelect: () => change(id, { favourite: !favourite }),
    },
    {
      label: t('conversation.pins'),
      icon: <Pin size="1em" />,
      onSelect: () => openOverlay({ kind: 'details', conversationId: id, tab: 'pins' }),
    },
    {
      label: t('conversation.details'),
      icon: <Info size="1em" />,
      onSelect: () => openOverlay({ kind: 'details', conversationId: id }),
    },
    'line',
    ...(muted
      ? [{ label: t('conversation.unmute'), icon: <Bell size="1em" />, onSelect: unmute }]
      : choices.map(({ label, choose }) => ({ label, icon: <BellOff size="1em" />, onSelect: choose }))),
  ];
}
