// What can be done with a conversation from the list.

import { Bell, BellOff, CheckCheck, Info, LogOut, Star, StarOff } from 'lucide-react';
import { nameOf } from '@/lib/entry';
import { go, openOverlay } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { t, useText } from '@/lib/text';
import { actions, type ConversationEntry } from '@/sync';
import { complain, confirm } from '@/ui';
import type { MenuItem } from '@/ui/Menu';
import MenuAt, { type MenuPlace } from '@/ui/MenuAt';
import { setFavourite } from './favourite';
import { isMuted } from './sections';

const HOUR = 3_600_000;
/** Until it is undone. The server takes a time; this one is far enough. */
const ALWAYS = '9999-12-31T00:00:00.000Z';

function attempt(work: Promise<unknown>): void {
  void work.catch(complain);
}

function mute(id: string, until: string | null): void {
  attempt(actions.updateMembership(id, { notifications_muted_until: until }));
}

function muteFor(id: string, hours: number): void {
  mute(id, new Date(Date.now() + hours * HOUR).toISOString());
}

function item(label: string, icon: MenuItem['icon'], onSelect: () => void): MenuItem {
  return { label, icon, onSelect };
}

async function leave(entry: ConversationEntry, current: boolean): Promise<void> {
  const { id, public: open } = entry.conversation;
  const sure = await confirm({
    title: t('conversations.leaveTitle', { name: nameOf(entry, t) }),
    text: open ? t('conversations.leaveTextPublic') : t('conversations.leaveText'),
    action: t('conversations.leave'),
    danger: true,
  });
  if (!sure) return;
  await actions.leave(id);
  if (current) go(paths.home, { replace: true });
}

interface RowMenuProps {
  entry: ConversationEntry;
  current: boolean;
  place: MenuPlace;
  onClose: () => void;
}

export default function RowMenu({ entry, current, place, onClose }: RowMenuProps) {
  const t = useText();
  const { id, type } = entry.conversation;
  const { favourite } = entry.membership;

  const mutes = isMuted(entry)
    ? [item(t('conversations.unmute'), <Bell size="1.1em" />, () => mute(id, null))]
    : [
        item(t('conversations.mute1'), <BellOff size="1.1em" />, () => muteFor(id, 1)),
        item(t('conversations.mute8'), <BellOff size="1.1em" />, () => muteFor(id, 8)),
        item(t('conversations.mute24'), <BellOff size="1.1em" />, () => muteFor(id, 24)),
        item(t('conversations.muteAlways'), <BellOff size="1.1em" />, () => mute(id, ALWAYS)),
      ];

  return (
    <MenuAt
      place={place}
      onClose={onClose}
      items={[
        entry.unread > 0 && item(t('conversations.markRead'), <CheckCheck size="1.1em" />, () => actions.markRead(id)),
        favourite
          ? item(t('conversations.unfavour'), <StarOff size="1.1em" />, () => setFavourite(id, false))
          : item(t('conversations.favour'), <Star size="1.1em" />, () => setFavourite(id, true)),
        'line',
        ...mutes,
        'line',
        item(t('conversations.details'), <Info size="1.1em" />, () =>
          openOverlay({ kind: 'details', conversationId: id }),
        ),
        type !== 'direct' && {
          ...item(t('conversations.leave'), <LogOut size="1.1em" />, () => attempt(leave(entry, current))),
          danger: true,
        },
      ]}
    />
  );
}
