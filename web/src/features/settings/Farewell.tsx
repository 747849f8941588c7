// What was erased with an account, said to whoever it belonged to.

import { setFarewell } from '@/lib/farewell';
import { useText } from '@/lib/text';
import type { DeletionReport } from '@/protocol.gen';
import { Button } from '@/ui';
import { Dialog } from '@/ui/Dialog';
import { Notice } from '@/ui/Section';
import styles from './Farewell.module.css';

const counted = [
  'messages',
  'reactions',
  'votes',
  'files',
  'conversations_left',
  'conversations_handed_over',
  'conversations_deleted',
  'sessions',
  'devices',
  'tokens',
  'contacts',
  'bots',
  'webhooks',
  'personal',
] as const;

function onClose(): void {
  setFarewell(null);
}

export default function Farewell({ report }: { report: DeletionReport }) {
  const t = useText();
  const lines = counted.filter((name) => (report[name] ?? 0) > 0);
  return (
    <Dialog
      title={t('data.doneTitle')}
      onClose={onClose}
      actions={
        <Button kind="primary" onClick={onClose}>
          {t('data.leave')}
        </Button>
      }
    >
      <p>{t('data.doneText')}</p>
      <dl className={styles.report}>
        {lines.map((name) => (
          <div key={name} className={styles.line}>
            <dt>{t(`data.${name}`)}</dt>
            <dd>{report[name]}</dd>
          </div>
        ))}
      </dl>
      {!report.finished && <Notice>{t('data.unfinished')}</Notice>}
    </Dialog>
  );
}
