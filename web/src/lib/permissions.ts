// What each role may do, so that nobody is offered what the server would refuse. The server decides; this is a mirror of
// its table, which a test compares with the one in docs/ARCHITECTURE.md.

import type { ConversationKind, Role } from '@/protocol.gen';

/** In the order of power: a role may act on those before it. */
const roles: readonly Role[] = ['member', 'moderator', 'admin', 'owner'];

type Least = Role | 'nobody';

/** From which role up, in direct conversations, groups and channels. */
export const permissions = {
  read: ['member', 'member', 'member'],
  send: ['member', 'member', 'member'],
  sendWhenReadOnly: ['nobody', 'moderator', 'moderator'],
  skipSlowMode: ['nobody', 'moderator', 'moderator'],
  react: ['member', 'member', 'member'],
  vote: ['member', 'member', 'member'],
  closePoll: ['nobody', 'moderator', 'moderator'],
  editOwn: ['member', 'member', 'member'],
  deleteOwn: ['member', 'member', 'member'],
  deleteOthers: ['nobody', 'moderator', 'moderator'],
  pin: ['member', 'member', 'moderator'],
  mentionAll: ['member', 'member', 'moderator'],
  add: ['nobody', 'member', 'moderator'],
  invite: ['nobody', 'admin', 'moderator'],
  remove: ['nobody', 'admin', 'moderator'],
  ban: ['nobody', 'admin', 'moderator'],
  mute: ['nobody', 'moderator', 'moderator'],
  changeRole: ['nobody', 'admin', 'admin'],
  handOver: ['nobody', 'owner', 'owner'],
  rename: ['nobody', 'member', 'admin'],
  changeSettings: ['nobody', 'admin', 'admin'],
  expire: ['member', 'admin', 'admin'],
  webhooks: ['nobody', 'admin', 'admin'],
  archive: ['nobody', 'admin', 'admin'],
  delete: ['nobody', 'owner', 'owner'],
  leave: ['nobody', 'member', 'member'],
} as const satisfies Record<string, readonly [direct: Least, group: Least, channel: Least]>;

export type Action = keyof typeof permissions;

const column: Record<ConversationKind, 0 | 1 | 2> = { direct: 0, group: 1, channel: 2 };

/** Whether a role may do this in a conversation of this kind. */
export function may(role: Role, action: Action, kind: ConversationKind): boolean {
  const least = permissions[action][column[kind]];
  return least !== 'nobody' && roles.indexOf(role) >= roles.indexOf(least);
}

/** Whether somebody of one role may act on a member of the other. Nobody has power over an equal. */
export function above(actor: Role, target: Role): boolean {
  return roles.indexOf(actor) > roles.indexOf(target);
}

/** The roles that somebody may give and take, the weakest first. */
export function rolesBelow(role: Role): readonly Role[] {
  return roles.slice(0, roles.indexOf(role));
}
