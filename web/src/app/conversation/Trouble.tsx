// The messages could not be loaded, and none are held.

import { CloudOff } from 'lucide-react';
import { errorText } from '@/lib/error';
import { useText } from '@/lib/text';
import type { Refusal } from '@/sync';
import { Button, Empty } from '@/ui';
import styles from './Conversation.module.css';

export default function Trouble({ problem, onRetry }: { problem: Refusal; onRetry: () => void }) {
  const t = useText();
  return (
    <div className={styles.trouble}>
      <Empty icon={<CloudOff size="2em" />} title={t('timeline.problem')} text={errorText(problem)}>
        <Button onClick={onRetry}>{t('common.retry')}</Button>
      </Empty>
    </div>
  );
}
