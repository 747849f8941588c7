// Who is banned from a conversation, and letting them come back.

import { useCallback } from 'react';
import { errorText } from '@/lib/error';
import { usePages } from '@/lib/pages';
import { useTask } from '@/lib/task';
import { useText } from '@/lib/text';
import type { Member, Page } from '@/protocol.gen';
import { Button, Loading, toast } from '@/ui';
import { PersonRow } from '@/ui/PersonRow';
import { Notice } from '@/ui/Section';
import { actions, api, type ConversationEntry } from '@/sync';
import styles from './Members.module.css';
import { rights } from './rights';

export function Bans({ entry }: { entry: ConversationEntry }) {
  const t = useText();
  const { id } = entry.conversation;
  const mine = rights(entry);
  const task = useTask();
  const load = useCallback(
    (cursor: string | undefined, signal: AbortSignal) =>
      api.get<Page<Member>>(`/conversations/${id}/bans`, { cursor }, signal),
    [id],
  );
  const { items, problem, more, change } = usePages(load);

  const lift = async ({ user }: Member) => {
    const done = await task.run(() => actions.updateMember(id, user.id, { banned: false }));
    if (!done) return;
    change((all) => all.filter((other) => other.user.id !== user.id));
    toast(t('conversation.unbanned', { name: user.display_name }));
  };

  return (
    <div className={styles.scroll}>
      {problem !== null && <Notice kind="problem">{errorText(problem)}</Notice>}
      {task.errorBeside() && <Notice kind="problem">{task.errorBeside()}</Notice>}
      {items === null && problem === null && <Loading />}
      {items?.length === 0 && <p className={styles.none}>{t('conversation.nobodyBanned')}</p>}
      {items?.map((member) => (
        <PersonRow key={member.user.id} person={member.user}>
          {mine.mayTo('ban', member.role) && (
            <Button small disabled={task.busy} onClick={() => void lift(member)}>
              {t('conversation.unban')}
            </Button>
          )}
        </PersonRow>
      ))}
      {more && <Button onClick={more}>{t('common.loadMore')}</Button>}
    </div>
  );
}
