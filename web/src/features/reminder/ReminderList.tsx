// What one wants to be reminded of: what is due first, then what is to come.

import { AlarmClock, Check, Clock, Plus } from 'lucide-react';
import { useState } from 'react';
import { nameOf } from '@/lib/entry';
import { usePages } from '@/lib/pages';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import { full } from '@/lib/time';
import type { Message, Page, Reminder } from '@/protocol.gen';
import { api, useAccount, useConversation, useOwnChanges, useUser } from '@/sync';
import { Button, Empty, IconButton } from '@/ui';
import { attempt } from '@/ui/attempt';
import { Endless } from '@/ui/Endless';
import { plainText } from '@/ui/markdown';
import { MessageCard } from '@/ui/MessageCard';
import { Actions } from '@/ui/Section';
import RemindDialog from './RemindDialog';
import { useMessageById } from './useMessageById';

function load(cursor: string | undefined, signal: AbortSignal): Promise<Page<Reminder>> {
  return api.get('/me/reminders', { cursor }, signal);
}

function byTime(a: Reminder, b: Reminder): number {
  return Number(b.state === 'due') - Number(a.state === 'due') || Date.parse(a.remind_at) - Date.parse(b.remind_at);
}

export function ReminderList() {
  const t = useText();
  const pages = usePages(load, useOwnChanges('reminders'));
  const [making, setMaking] = useState<Reminder | 'new' | null>(null);
  const done = async ({ id }: Reminder) => {
    if (!(await attempt(api.delete(`/me/reminders/${id}`)))) return;
    pages.change((all) => all.filter((one) => one.id !== id));
  };
  const take = (next: Reminder) =>
    pages.change((all) => [...all.filter(({ id }) => id !== next.id), next].toSorted(byTime));
  return (
    <>
      <Actions>
        <Button icon={<Plus size="1em" />} onClick={() => setMaking('new')}>
          {t('reminder.new')}
        </Button>
      </Actions>
      <Endless
        pages={pages}
        label={t('reminder.title')}
        keyOf={({ id }) => id}
        empty={
          <Empty icon={<AlarmClock size="1.5rem" />} title={t('reminder.nothing')} text={t('reminder.nothingText')} />
        }
      >
        {(reminder) => (
          <Item reminder={reminder} onDone={() => void done(reminder)} onPutOff={() => setMaking(reminder)} />
        )}
      </Endless>
      {making && (
        <RemindDialog {...(making !== 'new' && { reminder: making })} onDone={take} onClose={() => setMaking(null)} />
      )}
    </>
  );
}

interface ItemProps {
  reminder: Reminder;
  onDone: () => void;
  onPutOff: () => void;
}

function Item({ reminder, onDone, onPutOff }: ItemProps) {
  const t = useText();
  const self = useAccount()?.user;
  const { conversation_id: id, message_id, text, remind_at, state } = reminder;
  const message = useMessageById(message_id);
  const sender = useUser(message?.sender_id ?? self?.id ?? '');
  const entry = useConversation(id ?? '');
  const person = sender ?? self;
  return (
    <MessageCard
      person={{
        id: person?.id ?? '',
        name: person?.display_name ?? t('common.unknownUser'),
        avatar: person?.avatar,
      }}
      where={
        <>
          {state === 'due' ? t('reminder.due') : full(remind_at)}
          {entry && (
            <>
              {' · '}
              <bdi>{nameOf(entry, t)}</bdi>
            </>
          )}
        </>
      }
      time={remind_at}
      due={state === 'due'}
      href={message ? placeOf(message) : id ? paths.conversation(id) : undefined}
      actions={
        <>
          <IconButton label={t('reminder.putOff')} onClick={onPutOff}>
            <Clock size="1.1em" />
          </IconButton>
          <IconButton label={t('reminder.complete')} onClick={onDone}>
            <Check size="1.1em" />
          </IconButton>
        </>
      }
    >
      {[text, message && !message.deleted_at && plainText(message.body)].filter(Boolean).join(' · ') ||
        t('reminder.aMessage')}
    </MessageCard>
  );
}

function placeOf({ conversation_id, parent_id, seq }: Message): string {
  return parent_id ? paths.thread(conversation_id, parent_id) : paths.conversation(conversation_id, seq);
}
