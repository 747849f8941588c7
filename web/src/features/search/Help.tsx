// What can be searched for, while nothing is: every filter with what it does, to be pressed.

import { useText } from '@/lib/text';
import { filters } from './filters';
import styles from './SearchPage.module.css';

export function Help({ onPick }: { onPick: (part: string) => void }) {
  const t = useText();
  const fixed = { is: 'is:pinned', mentions: 'mentions:me' } as const;
  const lines = [
    ...filters.map(({ name, hint }) => ({
      part: name === 'is' || name === 'mentions' ? fixed[name] : `${name}:`,
      shown: null,
      hint,
    })),
    { part: '"', shown: t('search.phraseWords'), hint: 'search.phrase' as const },
    { part: '-', shown: t('search.notWord'), hint: 'search.not' as const },
  ];
  return (
    <div className={styles.help}>
      <h2>{t('search.begin')}</h2>
      <p className={styles.lead}>{t('search.beginText')}</p>
      <ul className={styles.filters}>
        {lines.map(({ part, shown, hint }) => (
          <li key={part}>
            <button type="button" data-hit className={styles.filter} onClick={() => onPick(part)}>
              <code dir={shown ? 'auto' : 'ltr'}>{shown ?? part}</code>
              <span>{t(hint)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
