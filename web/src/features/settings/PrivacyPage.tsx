// What others may know of one, and who may write first.

import { useState } from 'react';
import { openOverlay } from '@/lib/overlay';
import { useText } from '@/lib/text';
import type { Account, Privacy } from '@/protocol.gen';
import { Button, Loading } from '@/ui';
import { attempt } from '@/ui/attempt';
import { Segments, Switch } from '@/ui/Choice';
import { PersonRow } from '@/ui/PersonRow';
import { Notice, Section } from '@/ui/Section';
import { actions, useAccount, useContacts } from '@/sync';

export function PrivacyPage() {
  const account = useAccount();
  return account ? <Choices account={account} /> : <Loading />;
}

function Choices({ account }: { account: Account }) {
  const t = useText();
  // Shown at once, and taken back when it is refused.
  const [wanted, setWanted] = useState<Privacy | null>(null);
  const { show_presence = true, show_read = true, direct_from = 'everyone' } = wanted ?? account.privacy;

  const change = async (part: Partial<Privacy>) => {
    const privacy = { show_presence, show_read, direct_from, ...part };
    setWanted(privacy);
    await attempt(actions.updateAccount({ privacy }), t('common.saved'));
    setWanted(null);
  };

  return (
    <>
      <Section title={t('settings.whatOthersKnow')}>
        <div>
          <Switch
            label={t('settings.showPresence')}
            hint={t('settings.showPresenceHint')}
            checked={show_presence}
            onChange={(on) => void change({ show_presence: on })}
          />
          <Switch
            label={t('settings.showRead')}
            hint={t('settings.showReadHint')}
            checked={show_read}
            onChange={(on) => void change({ show_read: on })}
          />
        </div>
      </Section>
      <Section title={t('settings.directFrom')} text={t('settings.directFromText')}>
        <Segments
          label={t('settings.directFrom')}
          hideLabel
          value={direct_from}
          onChange={(next) => void change({ direct_from: next })}
          options={[
            { value: 'everyone', label: t('settings.everyone') },
            { value: 'contacts', label: t('settings.contactsOnly') },
          ]}
        />
      </Section>
      <Section title={t('settings.blocked')} text={t('settings.blockedText')}>
        <Blocked />
      </Section>
    </>
  );
}

function Blocked() {
  const t = useText();
  const blocked = useContacts()?.filter((contact) => contact.blocked);
  if (!blocked) return <Loading />;
  if (blocked.length === 0) return <Notice>{t('settings.nobodyBlocked')}</Notice>;
  return (
    <ul>
      {blocked.map(({ user }) => (
        <li key={user.id}>
          <PersonRow person={user} onOpen={() => openOverlay({ kind: 'profile', userId: user.id })}>
            <Button
              small
              onClick={() =>
                void attempt(actions.block(user.id, false), t('profile.unblocked', { name: user.display_name }))
              }
            >
              {t('profile.unblock')}
            </Button>
          </PersonRow>
        </li>
      ))}
    </ul>
  );
}
