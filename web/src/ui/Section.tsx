// The parts that pages of settings are made of: a titled section, a line with words at its start and a control at its
// end, a row of buttons, and a notice.

import { useId, type ReactNode } from 'react';
import { cx } from '@/lib/cx';
import styles from './Section.module.css';

interface SectionProps {
  title: string;
  text?: ReactNode;
  children?: ReactNode;
}

export function Section({ title, text, children }: SectionProps) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 id={id} className={styles.title}>
          {title}
        </h2>
        {text && <p className={styles.text}>{text}</p>}
      </div>
      {children}
    </section>
  );
}

interface SettingRowProps {
  icon?: ReactNode;
  title: ReactNode;
  text?: ReactNode;
  children?: ReactNode;
}

export function SettingRow({ icon, title, text, children }: SettingRowProps) {
  return (
    <div className={styles.row}>
      {icon && (
        <span className={styles.icon} aria-hidden="true">
          {icon}
        </span>
      )}
      <div className={styles.words}>
        <div className={styles.name}>{title}</div>
        {text && <div className={styles.text}>{text}</div>}
      </div>
      {children && <div className={styles.control}>{children}</div>}
    </div>
  );
}

/** Lines of one list, with hairlines between them. */
export function Rows({ children }: { children: ReactNode }) {
  return <div className={styles.rows}>{children}</div>;
}

export function Actions({ children }: { children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>;
}

interface NoticeProps {
  kind?: 'note' | 'problem' | 'warning';
  children: ReactNode;
}

/** A problem interrupts whoever listens. */
export function Notice({ kind = 'note', children }: NoticeProps) {
  return (
    <div className={cx(styles.notice, kind !== 'note' && styles[kind])} role={kind === 'problem' ? 'alert' : undefined}>
      {children}
    </div>
  );
}
