// What the menu of a member offers: to everybody a profile and a message, to those above them the rest.

import { ArrowUpDown, Ban, Crown, MessageSquare, Mic, MicOff, User, UserMinus } from 'lucide-react';
import { openOverlay, closeOverlay, go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import type { Translate } from '@/lib/text';
import type { Member } from '@/protocol.gen';
import { confirm } from '@/ui';
import { attempt } from '@/ui/attempt';
import type { Question } from '@/ui/confirm';
import type { MenuProps } from '@/ui/Menu';
import { actions, type ConversationEntry } from '@/sync';
import { isMuted } from './mute';
import type { Rights } from './rights';
import { makeRole } from './roles';

interface Given {
  member: Member;
  entry: ConversationEntry;
  mine: Rights;
  isSelf: boolean;
  t: Translate;
}

const HOUR = 3600;
const mutes = [HOUR, 24 * HOUR, 7 * 24 * HOUR] as const;

export function memberItems({ member, entry, mine, isSelf, t }: Given): MenuProps['items'] {
  const { id } = entry.conversation;
  const { user, role } = member;
  const name = user.display_name;
  const update = (change: Parameters<typeof actions.updateMember>[2]) => actions.updateMember(id, user.id, change);

  return [
    {
      label: t('conversation.showProfile'),
      icon: <User size="1em" />,
      onSelect: () => openOverlay({ kind: 'profile', userId: user.id }),
    },
    !isSelf && {
      label: t('conversation.message'),
      icon: <MessageSquare size="1em" />,
      onSelect: () => void attempt(openDirect(user.id)),
    },
    !isSelf && 'line',
    ...mine.roles(role).map((next) => ({
      label: t(makeRole[next]),
      icon: <ArrowUpDown size="1em" />,
      onSelect: () => void attempt(update({ role: next }), t('conversation.roleChanged', { name })),
    })),
    mine.mayTo('handOver', role) && {
      label: t('conversation.handOver'),
      icon: <Crown size="1em" />,
      onSelect: () =>
        void ask(
          {
            title: t('conversation.handOverTitle', { name }),
            text: t('conversation.handOverText', { name }),
            action: t('conversation.handOver'),
            danger: true,
          },
          () => update({ role: 'owner' }),
          t('conversation.handedOver', { name }),
        ),
    },
    ...(mine.mayTo('mute', role)
      ? isMuted(member.muted_until)
        ? [
            {
              label: t('conversation.unmuteMember'),
              icon: <Mic size="1em" />,
              onSelect: () => void attempt(update({ mute_seconds: 0 }), t('conversation.memberUnmuted', { name })),
            },
          ]
        : mutes.map((seconds) => ({
            label: muteText(seconds, t),
            icon: <MicOff size="1em" />,
            onSelect: () => void attempt(update({ mute_seconds: seconds }), t('conversation.memberMuted', { name })),
          }))
      : []),
    mine.mayTo('remove', role) && 'line',
    mine.mayTo('remove', role) && {
      label: t('conversation.removeMember'),
      icon: <UserMinus size="1em" />,
      danger: true,
      onSelect: () =>
        void ask(
          {
            title: t('conversation.removeTitle', { name }),
            text: t('conversation.removeText'),
            action: t('common.remove'),
            danger: true,
          },
          () => actions.removeMember(id, user.id),
          t('conversation.removed', { name }),
        ),
    },
    mine.mayTo('ban', role) && {
      label: t('conversation.ban'),
      icon: <Ban size="1em" />,
      danger: true,
      onSelect: () =>
        void ask(
          {
            title: t('conversation.banTitle', { name }),
            text: t('conversation.banText'),
            action: t('conversation.ban'),
            danger: true,
          },
          () => update({ banned: true }),
          t('conversation.wasBanned', { name }),
        ),
    },
  ];
}

async function ask(question: Question, work: () => Promise<unknown>, said: string): Promise<void> {
  if (await confirm(question)) await attempt(work(), said);
}

async function openDirect(userId: string): Promise<void> {
  const direct = await actions.openDirect(userId);
  closeOverlay();
  go(paths.conversation(direct.id));
}

function muteText(seconds: number, t: Translate): string {
  if (seconds < 24 * HOUR) return t('conversation.muteMemberHours', { count: seconds / HOUR });
  return t('conversation.muteMemberDays', { count: seconds / (24 * HOUR) });
}
