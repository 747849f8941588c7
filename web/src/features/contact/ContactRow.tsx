// One person on the page of contacts, with what their group allows.

import { MessageSquare, MoreHorizontal, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { openOverlay } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { presenceText, presentStatus } from '@/lib/presence';
import { useText } from '@/lib/text';
import type { UserSummary } from '@/protocol.gen';
import { Button, confirm, IconButton } from '@/ui';
import { attempt } from '@/ui/attempt';
import { Menu } from '@/ui/Menu';
import { PersonRow } from '@/ui/PersonRow';
import { StatusLine } from '@/ui/StatusLine';
import { actions, usePresence, useProfile } from '@/sync';
import type { Group } from './groups';

export function ContactRow({ person, group }: { person: UserSummary; group: Group }) {
  const t = useText();
  const presence = usePresence(person.id);
  const status = presentStatus(useProfile(person.id)?.status);
  const there = presence && group === 'contacts';
  return (
    <PersonRow
      person={person}
      presence={group === 'contacts' ? presence?.status : undefined}
      note={
        there ? (
          <>
            {presenceText(presence, t)}
            {status && ' · '}
            <StatusLine status={status} />
          </>
        ) : undefined
      }
      onOpen={() => openOverlay({ kind: 'profile', userId: person.id })}
    >
      <Buttons person={person} group={group} />
    </PersonRow>
  );
}

function Buttons({ person, group }: { person: UserSummary; group: Group }) {
  const t = useText();
  const [, go] = useLocation();
  const [busy, setBusy] = useState(false);
  const { id, display_name: name } = person;

  const run = async (work: Promise<unknown>, said?: string) => {
    setBusy(true);
    await attempt(work, said);
    setBusy(false);
  };
  const write = () => run(actions.openDirect(id).then((direct) => go(paths.conversation(direct.id))));
  const end = async () => {
    const sure = await confirm({
      title: t('profile.endTitle', { name }),
      text: t('profile.endText'),
      action: t('common.remove'),
      danger: true,
    });
    if (sure) await run(actions.removeContact(id), t('profile.ended', { name }));
  };
  const block = async () => {
    const sure = await confirm({
      title: t('profile.blockTitle', { name }),
      text: t('profile.blockText'),
      action: t('profile.block'),
      danger: true,
    });
    if (sure) await run(actions.block(id, true), t('profile.blocked', { name }));
  };

  switch (group) {
    case 'incoming':
      return (
        <>
          <Button
            small
            kind="primary"
            busy={busy}
            onClick={() => void run(actions.acceptContact(id), t('profile.accepted', { name }))}
          >
            {t('profile.accept')}
          </Button>
          <Button small disabled={busy} onClick={() => void run(actions.removeContact(id), t('profile.refused'))}>
            {t('profile.refuse')}
          </Button>
        </>
      );
    case 'outgoing':
      return (
        <Button small busy={busy} onClick={() => void run(actions.removeContact(id), t('profile.withdrawn'))}>
          {t('profile.withdraw')}
        </Button>
      );
    case 'blocked':
      return (
        <Button small busy={busy} onClick={() => void run(actions.block(id, false), t('profile.unblocked', { name }))}>
          {t('profile.unblock')}
        </Button>
      );
    case 'none':
      return (
        <Button
          small
          icon={<UserPlus size="1em" />}
          busy={busy}
          onClick={() => void run(actions.requestContact(id), t('profile.asked'))}
        >
          {t('profile.ask')}
        </Button>
      );
    default:
      return (
        <>
          <IconButton label={t('contact.message', { name })} disabled={busy} onClick={() => void write()}>
            <MessageSquare size="1.15em" />
          </IconButton>
          <Menu
            trigger={
              <IconButton label={t('contact.more', { name })}>
                <MoreHorizontal size="1.15em" />
              </IconButton>
            }
            items={[
              { label: t('profile.end'), onSelect: () => void end() },
              { label: t('profile.block'), danger: true, onSelect: () => void block() },
            ]}
          />
        </>
      );
  }
}
