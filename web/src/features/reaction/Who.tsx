// A hint over a chip: the names of some who reacted.

import { useText } from '@/lib/text';
import { language } from '@/lib/text';
import type { Message } from '@/protocol.gen';
import { useReactors } from './useReactors';
import styles from './Reactions.module.css';

const NAMED = 5;

interface WhoProps {
  id: string;
  message: Message;
  emoji: string;
  count: number;
}

export default function Who({ id, message, emoji, count }: WhoProps) {
  const t = useText();
  const { people } = useReactors(message, emoji, count);
  if (!people || people.length === 0) return null;
  const named = people.slice(0, NAMED).map(({ user }) => user.display_name);
  const others = count - named.length;
  if (others > 0) named.push(t('reaction.others', { count: others }));
  const names = new Intl.ListFormat(language()).format(named);
  return (
    <span id={id} role="tooltip" className={styles.who}>
      {t('reaction.reacted', { names, emoji })}
    </span>
  );
}
