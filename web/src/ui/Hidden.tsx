// Words for those who listen and do not look.

import type { ReactNode } from 'react';
import styles from './Hidden.module.css';

export function Hidden({ children }: { children: ReactNode }) {
  return <span className={styles.hidden}>{children}</span>;
}

/** Speaks its content whenever that changes. `now` interrupts. */
export function Live({ children, now = false }: { children: ReactNode; now?: boolean }) {
  return (
    <div className={styles.hidden} aria-live={now ? 'assertive' : 'polite'} aria-atomic="true">
      {children}
    </div>
  );
}
