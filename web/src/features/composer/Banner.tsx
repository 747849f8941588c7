// Above the text: what is being edited, or answered with a quote.

import { Pencil, Reply, X } from 'lucide-react';
import type { Composing } from '@/lib/composing';
import { useText } from '@/lib/text';
import { useUser } from '@/sync';
import { IconButton } from '@/ui';
import { plainText } from '@/ui/markdown';
import styles from './Composer.module.css';

export function Banner({ composing, onLeave }: { composing: Composing; onLeave: () => void }) {
  const t = useText();
  const sender = useUser(composing.message.sender_id);
  const editing = composing.mode === 'edit';
  const name = sender?.display_name ?? t('common.unknownUser');
  return (
    <div className={styles.banner}>
      {editing ? <Pencil size={14} /> : <Reply size={14} className={styles.flip} />}
      <span className={styles.bannerTitle}>{editing ? t('composer.editing') : t('composer.answering', { name })}</span>
      <bdi className={styles.bannerText}>{plainText(composing.message.body, 200)}</bdi>
      <IconButton small label={t(editing ? 'composer.leaveEdit' : 'composer.leaveQuote')} onClick={onLeave}>
        <X size={16} />
      </IconButton>
    </div>
  );
}
