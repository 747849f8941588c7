// What all pages before the sign-in share: the mark, a title, and room for a form.

import type { ReactNode } from 'react';
import styles from './Frame.module.css';

interface FrameProps {
  title: string;
  text?: ReactNode;
  children?: ReactNode;
}

export function Frame({ title, text, children }: FrameProps) {
  return (
    <main className={styles.page} id="content" tabIndex={-1}>
      <div className={styles.card}>
        <img className={styles.mark} src="/icon.svg" alt="LaserChat" width={48} height={48} />
        <header className={styles.head}>
          <h1 className={styles.title}>{title}</h1>
          {text && <div className={styles.text}>{text}</div>}
        </header>
        {children}
      </div>
    </main>
  );
}
