// Looking for people on the whole server.

import type { Page, UserSummary } from '@/protocol.gen';
import type { PeopleSearch } from '@/ui/PeoplePicker';
import { api } from '@/sync';

export const searchPeople: PeopleSearch = async (text, signal) => {
  const page = await api.get<Page<UserSummary>>('/users/search', { q: text, limit: 20 }, signal);
  return page.items;
};
