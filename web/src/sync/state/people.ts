// People: the account, profiles, names and faces, relations.

import type { Account, Contact, Membership, User, UserSummary } from '@/protocol.gen';
import type { Core } from './core';
import { isSame } from './message';

/** A contact entry that stands for something; others are remembered only so that older news of them is told as old. */
export function isRelation(contact: Contact): boolean {
  return contact.state !== 'none' || contact.blocked;
}

export function summaryOf(user: User): UserSummary {
  const { id, username, display_name, avatar, bot } = user;
  return { id, username, display_name, ...(typeof avatar === 'string' && { avatar }), ...(bot && { bot }) };
}

/** A name and face as they are now: what arrives last is taken as the newest, since they have no number. */
export function takeSummary(core: Core, user: UserSummary): void {
  if (isSame(core.summaries.get(user.id), user)) return;
  core.summaries.set(user.id, user);
  core.log.show(`user:${user.id}`);
  const profile = core.profiles.get(user.id);
  if (profile === undefined || isSame(summaryOf(profile), user)) return;
  const { username, display_name, avatar, bot } = user;
  core.profiles.set(user.id, { ...profile, username, display_name, avatar: avatar ?? null, bot: bot === true });
  core.log.users.add(user.id);
}

/** A whole profile, which everything that shows the person follows. */
export function takeProfile(core: Core, user: User): void {
  if (!isSame(core.profiles.get(user.id), user)) {
    core.profiles.set(user.id, user);
    core.log.users.add(user.id);
    core.log.show(`user:${user.id}`);
  }
  const summary = summaryOf(user);
  takeSummary(core, summary);
  for (const room of core.rooms.values()) room.takeUser(summary);
  const contact = core.contacts.get(user.id);
  if (contact !== undefined && !isSame(contact.user, summary)) setContact(core, { ...contact, user: summary });
}

/** Takes the account if it is newer, or `again` as new. */
export function takeAccount(core: Core, account: Account, again: boolean): void {
  const held = core.account;
  if (held !== null && account.version < held.version + (again ? 0 : 1)) return;
  if (!isSame(held, account)) {
    core.account = account;
    core.log.meta = true;
    core.log.show('account');
  }
  takeProfile(core, account.user);
}

export function takeContact(core: Core, contact: Contact): void {
  const held = core.contacts.get(contact.user.id);
  if (held !== undefined && contact.version <= held.version) return;
  setContact(core, contact);
  takeSummary(core, contact.user);
}

function setContact(core: Core, contact: Contact): void {
  core.contacts.set(contact.user.id, contact);
  core.log.contacts.add(contact.user.id);
  core.log.show('contacts');
}

/** Takes a membership unless what is held is newer; whoever has left holds nothing of the conversation. */
export function takeMembership(core: Core, membership: Membership): void {
  const id = membership.conversation_id;
  const held = core.memberships.get(id);
  if (held !== undefined && held.version >= membership.version) return;
  core.setMembership(membership);
  if (membership.state === 'joined') core.rooms.get(id)?.countFrom(membership);
  else core.leave(id);
}
