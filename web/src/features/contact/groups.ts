// A contact belongs to one group: whoever is blocked is only that, whatever there was before.

import type { Contact } from '@/protocol.gen';

export type Group = 'contacts' | 'incoming' | 'outgoing' | 'blocked' | 'none';

export function groupOf(contact: Pick<Contact, 'state' | 'blocked'> | undefined): Group {
  if (!contact) return 'none';
  if (contact.blocked) return 'blocked';
  const groups = { accepted: 'contacts', pending: 'incoming', requested: 'outgoing', none: 'none' } as const;
  return groups[contact.state];
}

/** Everybody by group, by name. */
export function sorted(contacts: readonly Contact[]): Record<Group, readonly Contact[]> {
  const groups: Record<Group, Contact[]> = { contacts: [], incoming: [], outgoing: [], blocked: [], none: [] };
  const byName = contacts.toSorted((a, b) => a.user.display_name.localeCompare(b.user.display_name));
  for (const contact of byName) groups[groupOf(contact)].push(contact);
  return groups;
}
