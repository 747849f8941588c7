// The ways out of the history: to the newest message, with how many wait there, and back to where one was.

import { ArrowDown, CornerUpLeft } from 'lucide-react';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/text';
import styles from './Timeline.module.css';

interface JumpButtonsProps {
  away: boolean;
  unread: number;
  back: (() => void) | null;
  onNewest: () => void;
}

export function JumpButtons({ away, unread, back, onNewest }: JumpButtonsProps) {
  const t = useText();
  if (!away && !back) return null;
  return (
    <div className={styles.jumps}>
      {back && (
        <button type="button" className={styles.jump} onClick={back}>
          <CornerUpLeft size="1em" aria-hidden="true" />
          {t('timeline.back')}
        </button>
      )}
      {away && (
        <button type="button" className={cx(styles.jump, unread > 0 && styles.unread)} onClick={onNewest}>
          <ArrowDown size="1em" aria-hidden="true" />
          {unread > 0 ? t('timeline.newCount', { count: unread }) : t('timeline.newest')}
        </button>
      )}
    </div>
  );
}
