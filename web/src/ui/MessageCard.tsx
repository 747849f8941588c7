// A message outside of its conversation, in a list of found or kept ones: who, where, when, what, and a way to its place.

import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { cx } from '@/lib/cx';
import { brief, full } from '@/lib/time';
import { Avatar } from './Avatar';
import styles from './MessageCard.module.css';

export interface MessageCardProps {
  /** Whose face it shows. */
  person: { readonly id: string; readonly name: string; readonly avatar?: string | null | undefined };
  /** The name of the conversation, and what else says where it is. */
  where: ReactNode;
  time: string;
  /** Its words. */
  children: ReactNode;
  /** Where it leads; without it, the card cannot be pressed. */
  href?: string | undefined;
  /** Stands before the name: why it is in the list. */
  mark?: ReactNode;
  /** Its time has come, and it waits for somebody. */
  due?: boolean;
  /** What went wrong with it. */
  problem?: ReactNode;
  /** Buttons at the end. */
  actions?: ReactNode;
}

export function MessageCard({ person, where, time, children, href, mark, due, problem, actions }: MessageCardProps) {
  const content = (
    <>
      <Avatar id={person.id} name={person.name} src={person.avatar} />
      <span className={styles.words}>
        <span className={styles.head}>
          {mark}
          <bdi className={styles.name}>{person.name}</bdi>
          <span className={cx(styles.where, due && styles.due)}>{where}</span>
          <time className={styles.time} dateTime={time} title={full(time)}>
            {brief(time)}
          </time>
        </span>
        <span className={styles.text} dir="auto">
          {children}
        </span>
        {problem && <span className={styles.problem}>{problem}</span>}
      </span>
    </>
  );
  return (
    <div className={styles.card}>
      {href ? (
        <Link href={href} className={styles.open} data-hit>
          {content}
        </Link>
      ) : (
        <div className={styles.open}>{content}</div>
      )}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
