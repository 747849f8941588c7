// Fields that are sent together, one below the other.

import type { ReactNode } from 'react';
import styles from './Form.module.css';

interface FormProps {
  onSubmit: () => void;
  children: ReactNode;
  label?: string;
}

export function Form({ onSubmit, children, label }: FormProps) {
  return (
    <form
      className={styles.form}
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}
