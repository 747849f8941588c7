// Writing to somebody: one person makes a direct conversation, several make a group.

import { useState } from 'react';
import { go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import type { UserSummary } from '@/protocol.gen';
import { actions } from '@/sync';
import { Button, complain } from '@/ui';
import { Dialog } from '@/ui/Dialog';
import { PeoplePicker } from '@/ui/PeoplePicker';
import { usePeople } from './usePeople';
import styles from './Dialogs.module.css';

export default function NewMessage({ onClose }: { onClose: () => void }) {
  const t = useText();
  const { contacts, search } = usePeople();
  const [picked, setPicked] = useState<readonly UserSummary[]>([]);
  const [busy, setBusy] = useState(false);

  const start = async () => {
    setBusy(true);
    try {
      const [first] = picked;
      if (!first) return;
      const members = picked.map((person) => person.id);
      const made = await (picked.length === 1
        ? actions.openDirect(first.id)
        : actions.createConversation({ type: 'group', members }));
      onClose();
      go(paths.conversation(made.id));
    } catch (problem) {
      setBusy(false);
      complain(problem);
    }
  };

  return (
    <Dialog
      title={t('conversations.newMessage')}
      onClose={onClose}
      actions={
        <Button kind="primary" disabled={picked.length === 0} busy={busy} onClick={() => void start()}>
          {picked.length > 1 ? t('conversations.startGroup') : t('conversations.startDirect')}
        </Button>
      }
    >
      <div className={styles.stack}>
        <p className={styles.soft}>{t('conversations.newMessageHint')}</p>
        <PeoplePicker
          label={t('conversations.people')}
          search={search}
          suggested={contacts}
          picked={picked}
          onPick={setPicked}
        />
      </div>
    </Dialog>
  );
}
