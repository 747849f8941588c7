// A small number that waits to be seen.

import { cx } from '@/lib/cx';
import styles from './Badge.module.css';

interface BadgeProps {
  count: number;
  kind?: 'normal' | 'attention' | 'muted';
  /** What is counted, for screen readers. */
  label: string;
}

export function Badge({ count, kind = 'normal', label }: BadgeProps) {
  if (count <= 0) return null;
  return (
    <span className={cx(styles.badge, kind !== 'normal' && styles[kind])} role="img" aria-label={label}>
      {count > 99 ? '99+' : count}
    </span>
  );
}
