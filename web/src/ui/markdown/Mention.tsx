// Names that can be pressed: of people and of channels.

import { Link } from 'wouter';
import { cx } from '@/lib/cx';
import { openOverlay } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { useSurroundings } from './context';
import { broadcasts } from './tokens';
import styles from './RichText.module.css';

interface Named {
  name: string;
  text: string;
}

export function Mention({ name, text }: Named) {
  const { resolve, broadcast } = useSurroundings();
  if (broadcasts.has(name)) {
    return broadcast ? <span className={cx(styles.mention, styles.me)}>{text}</span> : text;
  }
  const person = resolve?.(name);
  if (!person) return text;
  return (
    <button
      type="button"
      className={cx(styles.mention, person.me && styles.me)}
      title={text}
      onClick={() => openOverlay({ kind: 'profile', userId: person.id })}
    >
      <bdi>@{person.name}</bdi>
    </button>
  );
}

export function ChannelLink({ name, text }: Named) {
  const { resolveChannel } = useSurroundings();
  const channel = resolveChannel?.(name);
  if (!channel) return text;
  return (
    <Link href={paths.conversation(channel.id)} className={styles.mention}>
      <bdi>#{channel.name}</bdi>
    </Link>
  );
}
