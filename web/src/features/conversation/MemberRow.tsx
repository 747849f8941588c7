// One member, and what may be done to them.

import { MoreHorizontal } from 'lucide-react';
import { openOverlay } from '@/lib/overlay';
import { presenceText } from '@/lib/presence';
import { useText } from '@/lib/text';
import { brief } from '@/lib/time';
import type { Member } from '@/protocol.gen';
import { IconButton } from '@/ui';
import { Menu } from '@/ui/Menu';
import { PersonRow } from '@/ui/PersonRow';
import { usePresence, type ConversationEntry } from '@/sync';
import { isMuted } from './mute';
import { roleName } from './roles';
import type { Rights } from './rights';
import { memberItems } from './memberItems';

interface MemberRowProps {
  member: Member;
  entry: ConversationEntry;
  mine: Rights;
  self: string | undefined;
}

export function MemberRow({ member, entry, mine, self }: MemberRowProps) {
  const t = useText();
  const presence = usePresence(member.user.id);
  const { user, role, muted_until } = member;
  const isSelf = user.id === self;
  const mark = [isSelf && t('common.you'), role !== 'member' && t(roleName[role])];
  const note = [
    presence && !isSelf && presenceText(presence, t),
    isMuted(muted_until) && muted_until && t('conversation.isMutedUntil', { when: brief(muted_until) }),
  ];

  return (
    <PersonRow
      person={user}
      presence={presence?.status}
      note={
        <>
          <bdi dir="ltr">@{user.username}</bdi>
          {note.filter(Boolean).map((words) => ` · ${words}`)}
        </>
      }
      mark={mark.filter(Boolean).join(' · ') || undefined}
      onOpen={() => openOverlay({ kind: 'profile', userId: user.id })}
    >
      <Menu
        trigger={
          <IconButton label={t('conversation.memberMenu', { name: user.display_name })}>
            <MoreHorizontal size="1.2em" />
          </IconButton>
        }
        items={memberItems({ member, entry, mine, isSelf, t })}
      />
    </PersonRow>
  );
}
