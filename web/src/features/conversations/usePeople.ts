// Whom one can choose from: contacts, and a search that puts them first.

import { useMemo } from 'react';
import type { UserSummary } from '@/protocol.gen';
import { useContacts, useSession } from '@/sync';
import type { PeopleSearch } from '@/ui/PeoplePicker';
import { contactsOf, peopleSearch } from './searchPeople';

export function usePeople(): { contacts: readonly UserSummary[]; search: PeopleSearch } {
  const list = useContacts();
  const session = useSession();
  const self = session.phase === 'signed-in' ? session.userId : '';
  return useMemo(() => {
    const contacts = contactsOf(list);
    return { contacts, search: peopleSearch(contacts, self) };
  }, [list, self]);
}
