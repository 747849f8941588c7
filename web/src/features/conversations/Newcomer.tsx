// For somebody who has no conversation yet: what to do.

import { Hash, PenLine, Plus } from 'lucide-react';
import { openOverlay } from '@/lib/overlay';
import { useText } from '@/lib/text';
import { Button } from '@/ui';
import styles from './Sidebar.module.css';

export default function Newcomer() {
  const t = useText();
  return (
    <div className={styles.newcomer}>
      <h2 className={styles.newcomerTitle}>{t('conversations.emptyTitle')}</h2>
      <p>{t('conversations.emptyText')}</p>
      <Button wide icon={<Hash size="1.1em" />} onClick={() => openOverlay({ kind: 'browse-channels' })}>
        {t('conversations.browse')}
      </Button>
      <Button wide icon={<PenLine size="1.1em" />} onClick={() => openOverlay({ kind: 'new-message' })}>
        {t('conversations.newMessage')}
      </Button>
      <Button
        wide
        icon={<Plus size="1.1em" />}
        onClick={() => openOverlay({ kind: 'create-conversation', type: 'channel' })}
      >
        {t('conversations.newChannel')}
      </Button>
    </div>
  );
}
