// The line in which one says what is looked for. Filters are completed in a list below it; the focus stays in the line.

import { Search, X } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/text';
import { Avatar, IconButton, Live } from '@/ui';
import { completed, typedAt, type Typed } from './filters';
import styles from './SearchBox.module.css';
import { useCompletions, type Completion } from './useCompletions';

interface SearchBoxProps {
  value: string;
  onChange: (text: string) => void;
  /** Enter: what was typed is meant now. */
  onSubmit: () => void;
  /** The arrow down leads from the line into what was found. */
  onLeave: () => void;
}

export function SearchBox({ value, onChange, onSubmit, onLeave }: SearchBoxProps) {
  const t = useText();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<Typed | null>(null);
  const [at, setAt] = useState(-1);
  const all = useCompletions(typed);
  const active = Math.min(at, all.length - 1);

  useEffect(() => input.current?.focus(), []);

  const look = () => {
    const { current } = input;
    if (!current) return;
    const next = typedAt(current.value, current.selectionStart ?? current.value.length);
    // A plain word offers nothing unless it may become a filter; an empty line says below what can be done.
    setTyped(next && (next.filter || next.part.length > 0) ? next : null);
    setAt(-1);
  };

  const pick = ({ filter, value: chosen }: Completion) => {
    if (!typed || !input.current) return;
    const next = completed(value, typed, filter, chosen);
    onChange(next.text);
    setTyped(chosen === null ? typedAt(next.text, next.caret) : null);
    setAt(-1);
    input.current.focus();
    requestAnimationFrame(() => input.current?.setSelectionRange(next.caret, next.caret));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const chosen = all[active];
    if (event.key === 'ArrowDown' && all.length === 0) onLeave();
    else if (event.key === 'ArrowDown') setAt((active + 1) % all.length);
    else if (event.key === 'ArrowUp' && all.length > 0) setAt((active <= 0 ? all.length : active) - 1);
    else if (event.key === 'Escape' && typed && all.length > 0) setTyped(null);
    else if (event.key === 'Tab' && !event.shiftKey && all.length > 0 && typed) pick(chosen ?? (all[0] as Completion));
    else if (event.key === 'Enter' && chosen) pick(chosen);
    else if (event.key === 'Enter') {
      setTyped(null);
      onSubmit();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const open = all.length > 0;
  return (
    <search className={styles.search}>
      <Search className={styles.lens} size="1.1em" aria-hidden="true" />
      <input
        ref={input}
        className={styles.input}
        type="text"
        role="combobox"
        aria-label={t('search.title')}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        dir="auto"
        enterKeyHint="search"
        placeholder={t('search.placeholder')}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
          look();
        }}
        onClick={look}
        onBlur={() => setTyped(null)}
        onKeyDown={onKeyDown}
      />
      {value && (
        <IconButton
          small
          label={t('search.clear')}
          onClick={() => {
            onChange('');
            input.current?.focus();
          }}
        >
          <X size="1em" />
        </IconButton>
      )}
      {open && (
        <div className={styles.list} role="listbox" id={id} aria-label={t('search.suggestions')}>
          {all.map((completion, index) => (
            // The keys go to the line, which names the active option; the pointer comes here.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
            <div
              key={completion.key}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              className={cx(styles.option, index === active && styles.active)}
              onPointerDown={(event) => event.preventDefault()}
              onPointerMove={() => index !== active && setAt(index)}
              onClick={() => pick(completion)}
            >
              {completion.person && (
                <Avatar id={completion.person.id} name={completion.label} src={completion.person.avatar} size="s" />
              )}
              <bdi className={styles.label}>{completion.label}</bdi>
              <bdi className={styles.hint}>{completion.hint}</bdi>
            </div>
          ))}
        </div>
      )}
      <Live>{open ? t('composer.suggestions', { count: all.length }) : ''}</Live>
    </search>
  );
}
