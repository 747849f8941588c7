// The people one knows: contacts, requests in both directions, those who are blocked, and a search for new ones.

import { ArrowLeft, UserRound, UserRoundX } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import type { Contact } from '@/protocol.gen';
import { Empty, IconButton, Loading } from '@/ui';
import { Tabs } from '@/ui/Tabs';
import { useContacts } from '@/sync';
import { ContactRow } from './ContactRow';
import styles from './ContactsPage.module.css';
import { FindPeople } from './FindPeople';
import { sorted, type Group } from './groups';

type View = 'contacts' | 'requests' | 'blocked' | 'find';

export default function ContactsPage() {
  const t = useText();
  const [, go] = useLocation();
  const contacts = useContacts();
  const groups = sorted(contacts ?? []);
  const asking = groups.incoming.length;
  const [view, setView] = useState<View>('contacts');

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <IconButton label={t('common.back')} flip className={styles.back} onClick={() => go(paths.home)}>
          <ArrowLeft size="1.25em" />
        </IconButton>
        <h1 className={styles.title}>{t('contact.title')}</h1>
      </header>
      <div className={styles.body}>
        <Tabs<View>
          label={t('contact.title')}
          chosen={view}
          onChoose={setView}
          tabs={[
            { id: 'contacts', label: counted(t('contact.contacts'), groups.contacts.length) },
            { id: 'requests', label: counted(t('contact.requests'), asking + groups.outgoing.length) },
            { id: 'blocked', label: counted(t('contact.blocked'), groups.blocked.length) },
            { id: 'find', label: t('contact.find') },
          ]}
        >
          {view === 'find' ? (
            <FindPeople />
          ) : contacts === null ? (
            <Loading />
          ) : (
            <div className={styles.scroll}>
              {view === 'contacts' && asking > 0 && (
                <People title={t('contact.incoming')} group="incoming" contacts={groups.incoming} />
              )}
              {view === 'contacts' && <Contacts contacts={groups.contacts} />}
              {view === 'requests' && <Requests incoming={groups.incoming} outgoing={groups.outgoing} />}
              {view === 'blocked' && <Blocked contacts={groups.blocked} />}
            </div>
          )}
        </Tabs>
      </div>
    </div>
  );
}

interface PeopleProps {
  title: string;
  group: Group;
  contacts: readonly Contact[];
}

function People({ title, group, contacts }: PeopleProps) {
  if (contacts.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2 className={styles.group}>
        {title} <span className={styles.count}>{contacts.length}</span>
      </h2>
      <ul>
        {contacts.map((contact) => (
          <li key={contact.user.id}>
            <ContactRow person={contact.user} group={group} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Contacts({ contacts }: { contacts: readonly Contact[] }) {
  const t = useText();
  if (contacts.length > 0) return <People title={t('contact.contacts')} group="contacts" contacts={contacts} />;
  return (
    <Empty icon={<UserRound size="1.5rem" />} title={t('contact.noContacts')} text={t('contact.noContactsText')} />
  );
}

function Requests({ incoming, outgoing }: { incoming: readonly Contact[]; outgoing: readonly Contact[] }) {
  const t = useText();
  if (incoming.length + outgoing.length === 0) {
    return (
      <Empty icon={<UserRound size="1.5rem" />} title={t('contact.noRequests')} text={t('contact.noRequestsText')} />
    );
  }
  return (
    <>
      <People title={t('contact.incoming')} group="incoming" contacts={incoming} />
      <People title={t('contact.outgoing')} group="outgoing" contacts={outgoing} />
    </>
  );
}

function Blocked({ contacts }: { contacts: readonly Contact[] }) {
  const t = useText();
  if (contacts.length > 0) return <People title={t('contact.blocked')} group="blocked" contacts={contacts} />;
  return <Empty icon={<UserRoundX size="1.5rem" />} title={t('contact.noBlocked')} text={t('contact.noBlockedText')} />;
}

function counted(label: string, count: number): string {
  return count > 0 ? `${label} (${count})` : label;
}
