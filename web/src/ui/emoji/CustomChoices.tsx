// The emoji of this server in the picker, above all others.

import { useMemo } from 'react';
import { useText } from '@/lib/text';
import { useCustomEmoji } from './custom';
import styles from './EmojiPicker.module.css';
import { Sign } from './Sign';

const MOST = 40;

interface CustomChoicesProps {
  /** What is searched for. */
  query: string;
  onPick: (emoji: string) => void;
}

export function CustomChoices({ query, onPick }: CustomChoicesProps) {
  const t = useText();
  const all = useCustomEmoji();
  const wanted = query.trim().toLowerCase();
  const shown = useMemo(() => [...all.keys()].filter((name) => name.includes(wanted)).slice(0, MOST), [all, wanted]);
  if (shown.length === 0) return null;
  return (
    <div className={styles.custom} role="group" aria-label={t('emojis.custom')}>
      {shown.map((name) => (
        <button
          key={name}
          type="button"
          className={styles.emoji}
          aria-label={`:${name}:`}
          title={`:${name}:`}
          onClick={() => onPick(`:${name}:`)}
        >
          <Sign emoji={`:${name}:`} />
        </button>
      ))}
    </div>
  );
}
