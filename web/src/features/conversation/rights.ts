// Who one is in a conversation and what one may do there.

import { above, may, rolesBelow, type Action } from '@/lib/permissions';
import type { Role } from '@/protocol.gen';
import type { ConversationEntry } from '@/sync';

export interface Rights {
  readonly role: Role;
  readonly may: (action: Action) => boolean;
  /** Whether one may do this to a member of that role. */
  readonly mayTo: (action: Action, target: Role) => boolean;
  /** The roles that one may give to a member of that role, other than the one they have. */
  readonly roles: (target: Role) => readonly Role[];
}

export function rights({ conversation, membership }: ConversationEntry): Rights {
  const { role, state } = membership;
  const allowed = (action: Action) => state === 'joined' && may(role, action, conversation.type);
  return {
    role,
    may: allowed,
    mayTo: (action, target) => allowed(action) && above(role, target),
    roles: (target) =>
      allowed('changeRole') && above(role, target) ? rolesBelow(role).filter((other) => other !== target) : [],
  };
}
