// What the word at the caret can be completed to: filters, and for each what stands behind its colon.

import { useEffect, useMemo, useState } from 'react';
import { nameOf } from '@/lib/entry';
import { score } from '@/lib/search';
import { useText, type Translate } from '@/lib/text';
import type { Page, UserSummary } from '@/protocol.gen';
import { api, useContacts, useConversations, type ConversationEntry } from '@/sync';
import { daysFor, filters, filtersFor, type FilterName, type Typed } from './filters';

export interface Completion {
  readonly key: string;
  readonly filter: FilterName;
  /** Null: only the filter's name is put in, and its values come next. */
  readonly value: string | null;
  readonly label: string;
  readonly hint: string;
  readonly person?: UserSummary;
}

const MOST = 8;
const dated: ReadonlySet<FilterName> = new Set(['before', 'after', 'during']);

export function useCompletions(typed: Typed | null): readonly Completion[] {
  const t = useText();
  const filter = typed?.filter ?? null;
  const part = typed?.part ?? '';
  const people = usePeople(filter === 'from' ? part : null);
  const entries = useConversations();
  return useMemo(() => {
    if (!typed) return [];
    if (!filter) return filtersFor(part).map(({ name, hint }) => byName(name, t(hint)));
    const fixed = dated.has(filter) ? daysFor(filter) : (filters.find(({ name }) => name === filter)?.values ?? []);
    const known = fixed
      .filter(({ value }) => value.startsWith(part))
      .map(({ value, hint }) => ({ key: value, filter, value, label: value, hint: t(hint) }));
    if (filter === 'from') return [...known, ...people.map(byPerson)].slice(0, MOST);
    if (filter === 'in') return places(entries ?? [], part, t);
    return known;
  }, [typed, filter, part, people, entries, t]);
}

function byName(filter: FilterName, hint: string): Completion {
  return { key: filter, filter, value: null, label: `${filter}:`, hint };
}

function byPerson(person: UserSummary): Completion {
  return {
    key: person.id,
    filter: 'from',
    value: person.username,
    label: person.display_name,
    hint: `@${person.username}`,
    person,
  };
}

function places(entries: readonly ConversationEntry[], part: string, t: Translate): readonly Completion[] {
  return entries
    .map((entry) => ({ entry, worth: part ? score(part, nameOf(entry, t), entry.peer?.username) : 1 }))
    .filter(({ worth }) => worth > 0)
    .toSorted((a, b) => b.worth - a.worth)
    .slice(0, MOST)
    .map(({ entry }) => ({
      key: entry.conversation.id,
      filter: 'in',
      value: placeOf(entry),
      label: nameOf(entry, t),
      hint: entry.peer ? `@${entry.peer.username}` : (entry.conversation.topic ?? ''),
    }));
}

/** How the search names a conversation. Names can be the same, and direct conversations have none: then it is the id. */
export function placeOf({ conversation: { id, type, name } }: Pick<ConversationEntry, 'conversation'>): string {
  return type === 'channel' && name && /^[\p{L}\p{N}_-]+$/u.test(name) ? `#${name}` : id;
}

const nobody: readonly UserSummary[] = [];

/** Contacts, and once somebody has stopped typing people of the whole server. */
function usePeople(part: string | null): readonly UserSummary[] {
  const contacts = useContacts();
  const entries = useConversations();
  const [found, setFound] = useState(nobody);
  const wanted = part !== null && part.length >= 2 ? part : '';
  useEffect(() => {
    if (!wanted) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      void api
        .get<Page<UserSummary>>('/users/search', { q: wanted, limit: MOST }, stop.signal)
        .then((page) => setFound(page.items))
        // Offline there are the people known here.
        .catch(() => undefined);
    }, 150);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [wanted]);
  return useMemo(() => {
    if (part === null) return nobody;
    const people = new Map<string, UserSummary>();
    for (const { peer } of entries ?? []) if (peer) people.set(peer.id, peer);
    for (const { user, blocked } of contacts ?? []) if (!blocked) people.set(user.id, user);
    if (wanted) for (const user of found) people.set(user.id, user);
    return [...people.values()]
      .filter((user) => !part || score(part, user.display_name, user.username) > 0)
      .slice(0, MOST);
  }, [part, wanted, contacts, entries, found]);
}
