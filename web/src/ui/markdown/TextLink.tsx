// A link in a message. It leads where it says: when its words name another place, the real one is written beside them.

import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useText } from '@/lib/text';
import { address, deceives, straight } from './links';
import styles from './RichText.module.css';
import { InLink } from './Words';

export interface TextLinkProps {
  destination: string;
  /** The words alone, to compare with the destination. */
  words: string;
  children: ReactNode;
}

export function TextLink({ destination, words, children }: TextLinkProps) {
  const t = useText();
  const target = address(destination);
  const shown = straight(words) === words ? children : straight(words);
  const content = <InLink value={true}>{words.trim() ? shown : straight(destination)}</InLink>;
  if (!target) return content;
  if (target.own && !deceives(words, target)) {
    return (
      <Link href={target.href} className={styles.link}>
        <bdi>{content}</bdi>
      </Link>
    );
  }
  return (
    <>
      <a
        href={target.href}
        title={target.href}
        target="_blank"
        rel="noopener noreferrer nofollow ugc"
        className={styles.link}
      >
        <bdi>{content}</bdi>
      </a>
      {deceives(words, target) && <bdi className={styles.host}>{t('markdown.leadsTo', { host: target.host })}</bdi>}
    </>
  );
}
