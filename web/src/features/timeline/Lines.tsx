// What stands between messages: the day that begins, and where the new ones begin.

import { openOverlay } from '@/lib/overlay';
import { useText } from '@/lib/text';
import { day, full } from '@/lib/time';
import { cx } from '@/lib/cx';
import styles from './Lines.module.css';

interface DayProps {
  time: number;
  conversationId: string;
}

export function DayLine(props: DayProps) {
  return (
    <div className={styles.line}>
      <DayButton {...props} />
    </div>
  );
}

/** The day of the uppermost message, while one is back in the history. */
export function FloatingDay(props: DayProps) {
  return (
    <div className={cx(styles.floating)}>
      <DayButton {...props} />
    </div>
  );
}

function DayButton({ time, conversationId }: DayProps) {
  const t = useText();
  return (
    <button
      type="button"
      tabIndex={-1}
      className={styles.day}
      title={`${full(time)} · ${t('timeline.jumpToDate')}`}
      onClick={() => openOverlay({ kind: 'jump-to-date', conversationId })}
    >
      {day(time)}
    </button>
  );
}

export function NewLine() {
  const t = useText();
  return (
    <div className={cx(styles.line, styles.fresh)} role="separator" aria-label={t('timeline.newMessages')}>
      <span className={styles.new}>{t('timeline.new')}</span>
    </div>
  );
}
