// Looking for people: among one's contacts first, then on the whole server.

import { score } from '@/lib/search';
import type { Contact, Page, UserSummary } from '@/protocol.gen';
import { api } from '@/sync';
import type { PeopleSearch } from '@/ui/PeoplePicker';

export function contactsOf(contacts: readonly Contact[] | null): readonly UserSummary[] {
  return (contacts ?? [])
    .filter((contact) => contact.state === 'accepted' && !contact.blocked)
    .map((contact) => contact.user)
    .toSorted((a, b) => a.display_name.localeCompare(b.display_name));
}

/** `self` is left out: who wants to write to themselves finds their notes in the list. */
export function peopleSearch(contacts: readonly UserSummary[], self: string): PeopleSearch {
  return async (text, signal) => {
    const near = contacts
      .map((person) => ({ person, worth: score(text, person.display_name, person.username) }))
      .filter(({ worth }) => worth > 0)
      .toSorted((a, b) => b.worth - a.worth)
      .map(({ person }) => person);
    const searchable = /[\p{L}\p{N}]/u.test(text);
    const page = searchable
      ? await api.get<Page<UserSummary>>('/users/search', { q: text, limit: 20 }, signal)
      : { items: [] };
    const known = new Set([self, ...near.map((person) => person.id)]);
    return [...near, ...page.items.filter((person) => !known.has(person.id))];
  };
}
