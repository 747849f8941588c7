// A page of several pages: their list at the start side and the chosen one beside it. On a phone there is one at a time:
// the list first, and a way back to it from each page.

import { ArrowLeft } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/text';
import { IconButton } from './Button';
import styles from './PageLayout.module.css';

export interface PageLink {
  readonly id: string;
  readonly href: string;
  readonly label: string;
  readonly icon: ReactNode;
  /** A heading above this and the following links. */
  readonly group?: string | undefined;
}

export interface PageLayoutProps {
  title: string;
  links: readonly PageLink[];
  /** The page that was asked for; undefined shows the list on a phone, and the first page elsewhere. */
  chosen: string | undefined;
  /** Where the list is, and where leaving it leads. */
  listHref: string;
  backHref: string;
  children: ReactNode;
}

export function PageLayout({ title, links, chosen, listHref, backHref, children }: PageLayoutProps) {
  const t = useText();
  const [, go] = useLocation();
  const heading = useRef<HTMLHeadingElement>(null);
  const seen = useRef(chosen);
  const current = links.find((link) => link.id === chosen) ?? links[0];

  // Whoever listens hears where a link has led.
  useEffect(() => {
    if (seen.current !== chosen) heading.current?.focus();
    seen.current = chosen;
  }, [chosen]);

  return (
    <div className={cx(styles.layout, chosen === undefined && styles.listing)}>
      <nav className={styles.list} aria-label={title}>
        <header className={styles.head}>
          <IconButton label={t('common.back')} flip className={styles.leave} onClick={() => go(backHref)}>
            <ArrowLeft size="1.25em" />
          </IconButton>
          <h1 className={styles.title}>{title}</h1>
        </header>
        <ul className={styles.links}>
          {links.map(({ id, href, label, icon, group }) => (
            <li key={id}>
              {group && <h2 className={styles.group}>{group}</h2>}
              <Link
                href={href}
                className={cx(styles.link, id === current?.id && styles.current)}
                aria-current={id === current?.id ? 'page' : undefined}
              >
                {icon}
                <bdi>{label}</bdi>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className={styles.page}>
        <header className={styles.head}>
          <IconButton label={t('common.back')} flip className={styles.back} onClick={() => go(listHref)}>
            <ArrowLeft size="1.25em" />
          </IconButton>
          <h1 ref={heading} tabIndex={-1} className={styles.title}>
            {current?.label}
          </h1>
        </header>
        <div className={styles.content}>{children}</div>
      </div>
    </div>
  );
}
