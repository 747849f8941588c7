// Adds people to a conversation, one after the other. Whoever could not be added stays chosen, and is named with the
// reason.

import { useState } from 'react';
import { errorText, isRefused } from '@/lib/error';
import { useText, type Translate } from '@/lib/text';
import type { UserSummary } from '@/protocol.gen';
import { Button, toast } from '@/ui';
import { PeoplePicker } from '@/ui/PeoplePicker';
import { Notice } from '@/ui/Section';
import { actions, useMembers } from '@/sync';
import styles from './Members.module.css';
import { searchPeople } from './searchPeople';

interface Failure {
  readonly person: UserSummary;
  readonly problem: unknown;
}

export function AddPeople({ conversationId, onDone }: { conversationId: string; onDone: () => void }) {
  const t = useText();
  const { members } = useMembers(conversationId);
  const [picked, setPicked] = useState<readonly UserSummary[]>([]);
  const [busy, setBusy] = useState(false);
  const [failures, setFailures] = useState<readonly Failure[]>([]);

  const add = async () => {
    setBusy(true);
    const failed: Failure[] = [];
    for (const person of picked) {
      try {
        await actions.addMember(conversationId, person.id);
      } catch (problem) {
        failed.push({ person, problem });
      }
    }
    setBusy(false);
    setFailures(failed);
    setPicked(failed.map(({ person }) => person));
    const added = picked.length - failed.length;
    if (added > 0) toast(t('conversation.added', { count: added }));
    if (failed.length === 0) onDone();
  };

  return (
    <div className={styles.add}>
      <PeoplePicker
        label={t('conversation.whoToAdd')}
        search={searchPeople}
        picked={picked}
        onPick={setPicked}
        focusFirst
        barred={(person) =>
          members.some(({ user }) => user.id === person.id) ? t('conversation.alreadyMember') : null
        }
      />
      {failures.length > 0 && (
        <Notice kind="problem">
          <ul>
            {failures.map(({ person, problem }) => (
              <li key={person.id}>
                <bdi>{person.display_name}</bdi>: {reason(problem, t)}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <div className={styles.end}>
        <Button onClick={onDone}>{t('common.cancel')}</Button>
        <Button kind="primary" busy={busy} disabled={picked.length === 0} onClick={() => void add()}>
          {t('conversation.add')}
        </Button>
      </div>
    </div>
  );
}

/** What is said of somebody else, where the usual words speak of oneself. */
function reason(problem: unknown, t: Translate): string {
  return isRefused(problem) && problem.code === 'banned' ? t('conversation.isBanned') : errorText(problem);
}
