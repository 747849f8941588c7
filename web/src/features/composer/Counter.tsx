// How much room is left, when there is little; and a clear word when there is none.

import { useText } from '@/lib/text';
import { cx } from '@/lib/cx';
import styles from './Composer.module.css';
import { MOST, nearLimit } from './length';

export function Counter({ text }: { text: string }) {
  const t = useText();
  const count = nearLimit(text);
  if (count === null) return null;
  const left = MOST - count;
  const over = left < 0;
  return (
    <span className={cx(styles.counter, over && styles.over)} role={over ? 'alert' : undefined}>
      {over ? t('composer.tooLong', { count: -left }) : t('composer.left', { count: left })}
    </span>
  );
}
