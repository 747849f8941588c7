// One person in a list: the face, the name, a few words below it, and what can be done at the end of the line.

import type { ReactNode } from 'react';
import { useText } from '@/lib/text';
import type { PresenceStatus, UserSummary } from '@/protocol.gen';
import { Avatar } from './Avatar';
import styles from './PersonRow.module.css';

export interface PersonRowProps {
  person: UserSummary;
  presence?: PresenceStatus | undefined;
  /** Shown below the name instead of the user name. */
  note?: ReactNode;
  /** Behind the name: a role, "you". */
  mark?: ReactNode;
  /** Buttons at the end. */
  children?: ReactNode;
  /** Makes the face and the name one button. */
  onOpen?: () => void;
}

export function PersonRow({ person, presence, note, mark, children, onOpen }: PersonRowProps) {
  const face = <PersonFace person={person} presence={presence} note={note} mark={mark} />;
  return (
    <div className={styles.row}>
      {onOpen ? (
        <button type="button" className={styles.open} onClick={onOpen}>
          {face}
        </button>
      ) : (
        <div className={styles.plain}>{face}</div>
      )}
      {children && <div className={styles.actions}>{children}</div>}
    </div>
  );
}

/** The row without anything to press, for lists that bring their own. */
export function PersonFace({
  person,
  presence,
  note,
  mark,
}: Pick<PersonRowProps, 'person' | 'presence' | 'note' | 'mark'>) {
  const t = useText();
  return (
    <span className={styles.face}>
      <Avatar id={person.id} name={person.display_name} src={person.avatar} presence={presence} />
      <span className={styles.words}>
        <span className={styles.line}>
          <bdi className={styles.name}>{person.display_name}</bdi>
          {person.bot && <span className={styles.mark}>{t('common.bot')}</span>}
          {mark && <span className={styles.mark}>{mark}</span>}
        </span>
        <span className={styles.note}>{note ?? <bdi dir="ltr">@{person.username}</bdi>}</span>
      </span>
    </span>
  );
}
