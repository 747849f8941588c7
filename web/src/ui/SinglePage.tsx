// A page of its own beside the list: a head with its title, and below it what it is about. A phone shows a way back.

import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import { IconButton } from './Button';
import styles from './SinglePage.module.css';

export interface SinglePageProps {
  title: string;
  /** Stands in the head beside the title, or in its place where the title is hidden. */
  head?: ReactNode;
  /** The head says by itself what the page is; the title is then for screen readers only. */
  hideTitle?: boolean;
  children: ReactNode;
}

export function SinglePage({ title, head, hideTitle = false, children }: SinglePageProps) {
  const t = useText();
  const [, go] = useLocation();
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <IconButton label={t('common.back')} flip className={styles.back} onClick={() => go(paths.home)}>
          <ArrowLeft size="1.25em" />
        </IconButton>
        <h1 className={hideTitle ? styles.hidden : styles.title}>{title}</h1>
        {head}
      </header>
      <div className={styles.body}>{children}</div>
    </div>
  );
}
