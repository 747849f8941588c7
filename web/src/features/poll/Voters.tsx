// Who voted for an option.

import { useCallback } from 'react';
import { openOverlay } from '@/lib/overlay';
import { usePages } from '@/lib/pages';
import { useText } from '@/lib/text';
import { full } from '@/lib/time';
import type { Page, Voter } from '@/protocol.gen';
import { api } from '@/sync';
import { Dialog } from '@/ui/Dialog';
import { Endless } from '@/ui/Endless';
import { PersonRow } from '@/ui/PersonRow';
import styles from './Poll.module.css';

interface VotersProps {
  messageId: string;
  option: number;
  text: string;
  onClose: () => void;
}

export default function Voters({ messageId, option, text, onClose }: VotersProps) {
  const t = useText();
  const load = useCallback(
    (cursor: string | undefined, signal: AbortSignal): Promise<Page<Voter>> =>
      api.get(`/messages/${messageId}/voters`, { option, cursor }, signal),
    [messageId, option],
  );
  const pages = usePages(load);
  const title = t('poll.who', { option: text });
  return (
    <Dialog title={title} onClose={onClose}>
      <div className={styles.people}>
        <Endless pages={pages} label={title} keyOf={({ user }) => user.id} empty={<p>{t('common.nobodyFound')}</p>}>
          {({ user, at }) => (
            <PersonRow person={user} note={full(at)} onOpen={() => openOverlay({ kind: 'profile', userId: user.id })} />
          )}
        </Endless>
      </div>
    </Dialog>
  );
}
