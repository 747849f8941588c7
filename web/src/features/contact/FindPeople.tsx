// Looking for people on the server, to ask them to be contacts.

import { Search } from 'lucide-react';
import { useDeferredValue, useEffect, useState } from 'react';
import { errorText } from '@/lib/error';
import { useText } from '@/lib/text';
import type { Page, UserSummary } from '@/protocol.gen';
import { Empty, Live, Loading } from '@/ui';
import { SearchField } from '@/ui/SearchField';
import { Notice } from '@/ui/Section';
import { api, useContacts, useSession } from '@/sync';
import { ContactRow } from './ContactRow';
import styles from './ContactsPage.module.css';
import { groupOf } from './groups';

interface Found {
  readonly text: string;
  readonly people: readonly UserSummary[];
  readonly problem: unknown;
}

export function FindPeople() {
  const t = useText();
  const session = useSession();
  const contacts = useContacts();
  const [text, setText] = useState('');
  const found = useFound(useDeferredValue(text.trim()));
  const self = session.phase === 'signed-in' ? session.userId : undefined;
  const people = found?.people.filter(({ id }) => id !== self);

  return (
    <div className={styles.find}>
      <SearchField label={t('contact.searchPeople')} value={text} onChange={setText} />
      <div className={styles.scroll}>
        {text.trim() === '' ? (
          <Empty icon={<Search size="1.5rem" />} title={t('contact.find')} text={t('contact.findText')} />
        ) : !people ? (
          <Loading />
        ) : found?.problem ? (
          <Notice kind="problem">{errorText(found.problem)}</Notice>
        ) : people.length === 0 ? (
          <Empty icon={<Search size="1.5rem" />} title={t('common.nobodyFound')} text={t('contact.nobodyText')} />
        ) : (
          <ul>
            {people.map((person) => (
              <li key={person.id}>
                <ContactRow person={person} group={groupOf(contacts?.find(({ user }) => user.id === person.id))} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <Live>{people && text.trim() !== '' ? t('contact.found', { count: people.length }) : ''}</Live>
    </div>
  );
}

/** Null until something was looked for; what was found before stays until the next answer. */
function useFound(text: string): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    if (text === '') return undefined;
    const asking = new AbortController();
    const { signal } = asking;
    const later = setTimeout(() => {
      api.get<Page<UserSummary>>('/users/search', { q: text, limit: 50 }, signal).then(
        ({ items }) => {
          if (!signal.aborted) setFound({ text, people: items, problem: null });
        },
        (problem: unknown) => {
          if (!signal.aborted) setFound({ text, people: [], problem });
        },
      );
    }, 200);
    return () => {
      clearTimeout(later);
      asking.abort();
    };
  }, [text]);
  return found;
}
