// What one may do about somebody else: write to them, be their contact, block them.

import { Check, MessageSquare, MoreHorizontal, UserPlus, X } from 'lucide-react';
import { useState } from 'react';
import { closeOverlay, go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import type { UserSummary } from '@/protocol.gen';
import { Button, confirm, IconButton } from '@/ui';
import { attempt } from '@/ui/attempt';
import { Menu } from '@/ui/Menu';
import { Actions, Notice } from '@/ui/Section';
import { actions, useContacts } from '@/sync';

export function Relation({ person }: { person: UserSummary }) {
  const t = useText();
  const [busy, setBusy] = useState<string | null>(null);
  const contact = useContacts()?.find(({ user }) => user.id === person.id);
  const state = contact?.state ?? 'none';
  const blocked = contact?.blocked ?? false;
  const name = person.display_name;

  const run = async (what: string, work: Promise<unknown>, said?: string) => {
    setBusy(what);
    const done = await attempt(work, said);
    setBusy(null);
    return done;
  };
  const write = async () => {
    const opened = actions.openDirect(person.id);
    if (!(await run('write', opened))) return;
    closeOverlay();
    go(paths.conversation((await opened).id));
  };
  const end = async () => {
    const sure = await confirm({
      title: t('profile.endTitle', { name }),
      text: t('profile.endText'),
      action: t('common.remove'),
      danger: true,
    });
    if (sure) await run('end', actions.removeContact(person.id), t('profile.ended', { name }));
  };
  const block = async () => {
    const sure = await confirm({
      title: t('profile.blockTitle', { name }),
      text: t('profile.blockText'),
      action: t('profile.block'),
      danger: true,
    });
    if (sure) await run('block', actions.block(person.id, true), t('profile.blocked', { name }));
  };
  const refuse = () => run('refuse', actions.removeContact(person.id), t('profile.refused'));

  if (blocked) {
    return (
      <Notice kind="warning">
        {t('profile.isBlocked')}
        <Actions>
          <Button
            busy={busy === 'unblock'}
            onClick={() => void run('unblock', actions.block(person.id, false), t('profile.unblocked', { name }))}
          >
            {t('profile.unblock')}
          </Button>
        </Actions>
      </Notice>
    );
  }
  return (
    <>
      {state === 'pending' && (
        <Notice>
          {t('profile.asksYou', { name })}
          <Actions>
            <Button
              kind="primary"
              small
              icon={<Check size="1em" />}
              busy={busy === 'accept'}
              onClick={() => void run('accept', actions.acceptContact(person.id), t('profile.accepted', { name }))}
            >
              {t('profile.accept')}
            </Button>
            <Button small icon={<X size="1em" />} busy={busy === 'refuse'} onClick={() => void refuse()}>
              {t('profile.refuse')}
            </Button>
          </Actions>
        </Notice>
      )}
      <Actions>
        <Button kind="primary" icon={<MessageSquare size="1em" />} busy={busy === 'write'} onClick={() => void write()}>
          {t('profile.message')}
        </Button>
        {state === 'none' && (
          <Button
            icon={<UserPlus size="1em" />}
            busy={busy === 'ask'}
            onClick={() => void run('ask', actions.requestContact(person.id), t('profile.asked'))}
          >
            {t('profile.ask')}
          </Button>
        )}
        {state === 'requested' && (
          <Button
            busy={busy === 'withdraw'}
            onClick={() => void run('withdraw', actions.removeContact(person.id), t('profile.withdrawn'))}
          >
            {t('profile.withdraw')}
          </Button>
        )}
        <Menu
          align="start"
          trigger={
            <IconButton label={t('common.more')}>
              <MoreHorizontal size="1.25em" />
            </IconButton>
          }
          items={[
            state === 'accepted' && { label: t('profile.end'), onSelect: () => void end() },
            { label: t('profile.block'), danger: true, onSelect: () => void block() },
          ]}
        />
      </Actions>
    </>
  );
}
