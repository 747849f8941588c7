// Something is under way.

import { useText } from '@/lib/text';
import styles from './Spinner.module.css';

export function Spinner() {
  return <span className={styles.spinner} aria-hidden="true" />;
}

/** Fills the place of what is being loaded. */
export function Loading() {
  const t = useText();
  return (
    <div className={styles.page} role="status" aria-label={t('common.loading')}>
      <Spinner />
    </div>
  );
}
