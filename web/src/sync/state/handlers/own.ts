// What the user owns outside conversations: memberships, contacts, the account. Numbered by the user's version.

import type { Core } from '../core';
import { takeAccount, takeContact, takeMembership } from '../people';
import type { Context, Handlers } from './event';

export function note(core: Core, version: number, { dense = true }: Context): boolean {
  if (dense) core.noteVersion(version);
  return true;
}

export const ownHandlers: Handlers = {
  'membership.updated': (core, event, context) => {
    takeMembership(core, event.membership);
    return note(core, event.version, context);
  },
  'contact.updated': (core, event, context) => {
    takeContact(core, event.contact);
    return note(core, event.version, context);
  },
  'account.updated': (core, event, context) => {
    takeAccount(core, event.account, false);
    return note(core, event.version, context);
  },
};
