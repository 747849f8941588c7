// Making another member the owner. Only an owner can, and only that frees them to leave.

import { useCallback, useState } from 'react';
import { useTask } from '@/lib/task';
import { useText } from '@/lib/text';
import type { UserSummary } from '@/protocol.gen';
import { Button, confirm, toast } from '@/ui';
import { PeoplePicker } from '@/ui/PeoplePicker';
import { Actions, Notice, SettingRow } from '@/ui/Section';
import { actions, useMembers, type ConversationEntry } from '@/sync';
import { matches } from './matches';

export function HandOver({ entry }: { entry: ConversationEntry }) {
  const t = useText();
  const task = useTask();
  const [open, setOpen] = useState(false);
  const [picked, setPicked] = useState<readonly UserSummary[]>([]);
  const { id } = entry.conversation;
  const { members } = useMembers(id);
  const people = members.filter(({ role }) => role !== 'owner').map(({ user }) => user);
  const search = useCallback(
    (text: string) =>
      Promise.resolve(
        members.filter(({ role, user }) => role !== 'owner' && matches(user, text)).map(({ user }) => user),
      ),
    [members],
  );

  const handOver = async () => {
    const [person] = picked;
    if (!person) return;
    const name = person.display_name;
    const sure = await confirm({
      title: t('conversation.handOverTitle', { name }),
      text: t('conversation.handOverText', { name }),
      action: t('conversation.handOver'),
      danger: true,
    });
    if (!sure || !(await task.run(() => actions.updateMember(id, person.id, { role: 'owner' })))) return;
    toast(t('conversation.handedOver', { name }));
  };

  return (
    <>
      <SettingRow title={t('conversation.handOver')} text={t('conversation.handOverHint')}>
        {!open && <Button onClick={() => setOpen(true)}>{t('conversation.choosePerson')}</Button>}
      </SettingRow>
      {open && (
        <div>
          <PeoplePicker
            label={t('conversation.newOwner')}
            single
            focusFirst
            search={search}
            suggested={people.slice(0, 20)}
            picked={picked}
            onPick={setPicked}
          />
          {task.errorBeside() && <Notice kind="problem">{task.errorBeside()}</Notice>}
          <Actions>
            <Button onClick={() => setOpen(false)}>{t('common.cancel')}</Button>
            <Button kind="danger" busy={task.busy} disabled={picked.length === 0} onClick={() => void handOver()}>
              {t('conversation.handOver')}
            </Button>
          </Actions>
        </div>
      )}
    </>
  );
}
