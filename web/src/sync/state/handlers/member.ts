// Members, as all members see them: added, changed and removed.

import type { MemberChanged } from '@/protocol.gen';
import type { Core } from '../core';
import { takeSummary } from '../people';
import { enter, type Handlers, wantsOf } from './event';

function take(core: Core, event: MemberChanged, joins: boolean): boolean {
  const { conversation_id: id, member, seq } = event;
  const room = enter(core, id, joins);
  if (room !== null) {
    const news = room.note(seq, true);
    room.takeMember(member, news);
    if (news) takeSummary(core, member.user);
  }
  return wantsOf(core, id);
}

export const memberHandlers: Handlers = {
  'member.added': (core, event) => take(core, event, event.member.user.id === core.user),
  'member.updated': (core, event) => take(core, event, false),
  'member.removed': (core, event) => take(core, event, false),
};
