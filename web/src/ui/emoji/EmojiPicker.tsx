// Choosing an emoji: search, those used last, all by group, and the skin tone. Loaded when it is first opened.

import { EmojiPicker as Base, type EmojiPickerListComponents, type SkinTone } from 'frimousse';
import { useEffect, useRef, useState } from 'react';
import { cx } from '@/lib/cx';
import { useLanguage, useText } from '@/lib/text';
import { Loading } from '@/ui/Spinner';
import { CustomChoices } from './CustomChoices';
import { pickerLocale, resolveEmojiData } from './data';
import styles from './EmojiPicker.module.css';
import { rememberEmoji, rememberTone, useHabits } from './recent';
import { Sign } from './Sign';

export interface EmojiPickerProps {
  onPick: (emoji: string) => void;
}

export default function EmojiPicker({ onPick }: EmojiPickerProps) {
  const t = useText();
  const locale = pickerLocale(useLanguage());
  const { recent, tone } = useHabits();
  const [query, setQuery] = useState('');
  // Whoever opens the picker types at once what they look for; on a phone that would raise the keyboard over it.
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (window.matchMedia('(hover: hover)').matches) search.current?.focus();
  }, []);
  const pick = (emoji: string) => {
    rememberEmoji(emoji);
    onPick(emoji);
  };
  return (
    <Base.Root
      className={styles.picker}
      columns={8}
      locale={locale}
      skinTone={tone}
      resolveEmojiData={resolveEmojiData}
      onEmojiSelect={({ emoji }) => pick(emoji)}
    >
      <div className={styles.bar}>
        <Base.Search
          ref={search}
          className={styles.search}
          placeholder={t('emoji.search')}
          aria-label={t('emoji.search')}
          onChange={(event) => setQuery(event.target.value)}
        />
        <Base.SkinTone>
          {({ skinTone, setSkinTone, skinToneVariations }) => (
            <Tone
              label={t('emoji.tone')}
              value={skinTone}
              choices={skinToneVariations}
              onChoose={(next) => {
                setSkinTone(next);
                rememberTone(next);
              }}
            />
          )}
        </Base.SkinTone>
      </div>
      {recent.length > 0 && (
        <div className={styles.recent} role="group" aria-label={t('emoji.recent')}>
          {recent.slice(0, 8).map((emoji) => (
            <button key={emoji} type="button" className={styles.emoji} aria-label={emoji} onClick={() => pick(emoji)}>
              <Sign emoji={emoji} />
            </button>
          ))}
        </div>
      )}
      <CustomChoices query={query} onPick={pick} />
      <Base.Viewport className={styles.viewport}>
        <Base.Loading className={styles.note}>
          <Loading />
        </Base.Loading>
        <Base.Empty className={styles.note}>{t('emoji.none')}</Base.Empty>
        <Base.List className={styles.list} components={components} />
      </Base.Viewport>
      <div className={styles.foot}>
        <Base.ActiveEmoji>
          {({ emoji }) =>
            emoji ? <span className={styles.active}>{`${emoji.emoji} ${emoji.label}`}</span> : t('emoji.hint')
          }
        </Base.ActiveEmoji>
      </div>
    </Base.Root>
  );
}

interface ToneProps {
  label: string;
  value: SkinTone;
  choices: readonly { skinTone: SkinTone; emoji: string }[];
  onChoose: (tone: SkinTone) => void;
}

/** Pressing goes on to the next tone. */
function Tone({ label, value, choices, onChoose }: ToneProps) {
  const index = choices.findIndex((choice) => choice.skinTone === value);
  const next = choices[(index + 1) % choices.length];
  return (
    <button
      type="button"
      className={cx(styles.emoji, styles.tone)}
      aria-label={label}
      title={label}
      onClick={() => next && onChoose(next.skinTone)}
    >
      {choices[index]?.emoji}
    </button>
  );
}

const components: Partial<EmojiPickerListComponents> = {
  CategoryHeader: ({ category, ...rest }) => (
    <div {...rest} className={styles.category}>
      {category.label}
    </div>
  ),
  // The picker counts rows and columns from 0; assistive technology counts from 1.
  Row: ({ 'aria-rowindex': row = 0, ...rest }) => <div {...rest} aria-rowindex={row + 1} className={styles.row} />,
  Emoji: ({ emoji, 'aria-colindex': column = 0, ...rest }) => (
    <button
      type="button"
      {...rest}
      role="gridcell"
      aria-colindex={column + 1}
      className={cx(styles.emoji, emoji.isActive && styles.chosen)}
      title={emoji.label}
    >
      {emoji.emoji}
    </button>
  ),
};
