// The words for roles.

import type { TextKey } from '@/lib/text';
import type { Role } from '@/protocol.gen';

export const roleName: Record<Role, TextKey> = {
  member: 'conversation.member',
  moderator: 'conversation.moderator',
  admin: 'conversation.admin',
  owner: 'conversation.owner',
};

export const makeRole: Record<Role, TextKey> = {
  member: 'conversation.makeMember',
  moderator: 'conversation.makeModerator',
  admin: 'conversation.makeAdmin',
  owner: 'conversation.handOver',
};
