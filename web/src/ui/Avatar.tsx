// A face: a picture if there is one and it could be loaded, otherwise initials on a colour that belongs to the id, so that it is always the same.

import { useState, type CSSProperties, type ReactNode } from 'react';
import { cx } from '@/lib/cx';
import { fileAddress, useAdmission } from '@/lib/file';
import { useText } from '@/lib/text';
import type { PresenceStatus } from '@/protocol.gen';
import styles from './Avatar.module.css';

export interface AvatarProps {
  /** Of the user or conversation: decides the colour. */
  id: string;
  name: string;
  /** The id of the file with the picture. */
  src?: string | null | undefined;
  size?: 's' | 'm' | 'l' | 'xl';
  presence?: PresenceStatus | undefined;
  /** Shown instead of initials, for channels. */
  children?: ReactNode;
}

export function Avatar({ id, name, src, size = 'm', presence, children }: AvatarProps) {
  const style: CSSProperties & Record<'--hue', number> = { '--hue': hue(id) };
  const face = <span aria-hidden="true">{children ?? initials(name)}</span>;
  return (
    <span className={cx(styles.avatar, styles[size])} style={style}>
      {src ? <Picture key={src} id={src} fallback={face} /> : face}
      {presence && <Dot status={presence} />}
    </span>
  );
}

/** What could not be loaded is tried again when this browser has been admitted to files anew. */
function Picture({ id, fallback }: { id: string; fallback: ReactNode }) {
  const admission = useAdmission();
  const [failedAt, setFailedAt] = useState(0);
  if (failedAt === admission) return fallback;
  return (
    <img className={styles.image} src={fileAddress(id, 'thumbnail')} alt="" onError={() => setFailedAt(admission)} />
  );
}

const presenceText = {
  online: 'common.online',
  away: 'common.away',
  do_not_disturb: 'common.doNotDisturb',
  offline: 'common.offline',
} as const satisfies Record<PresenceStatus, string>;

function Dot({ status }: { status: PresenceStatus }) {
  const t = useText();
  const label = t(presenceText[status]);
  return <span className={cx(styles.dot, styles[status])} role="img" aria-label={label} title={label} />;
}

/** The first letters of the first and the last word, in any script. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = letter(words[0]);
  const last = words.length > 1 ? letter(words.at(-1)) : '';
  return (first + last).toLocaleUpperCase() || '?';
}

function letter(word = ''): string {
  return /[\p{L}\p{N}]/u.exec(word)?.[0] ?? '';
}

function hue(id: string): number {
  let hash = 0;
  for (const digit of id) hash = (hash * 31 + digit.charCodeAt(0)) % 360;
  return hash;
}
