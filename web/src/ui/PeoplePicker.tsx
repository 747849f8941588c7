// Choosing people by typing a part of their name. It knows no server: whoever uses it says how to search. Those chosen
// stand before the text as chips; arrow keys move through what was found, Enter takes it, Backspace gives the last back.

import { Check, Search, X } from 'lucide-react';
import { useDeferredValue, useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { cx } from '@/lib/cx';
import { errorText } from '@/lib/error';
import { useText } from '@/lib/text';
import type { UserSummary } from '@/protocol.gen';
import { Live } from './Hidden';
import { PersonFace } from './PersonRow';
import { Spinner } from './Spinner';
import styles from './PeoplePicker.module.css';

export type PeopleSearch = (text: string, signal: AbortSignal) => Promise<readonly UserSummary[]>;

export interface PeoplePickerProps {
  label: string;
  search: PeopleSearch;
  picked: readonly UserSummary[];
  onPick: (picked: readonly UserSummary[]) => void;
  /** Offered while nothing is typed. */
  suggested?: readonly UserSummary[];
  /** Why somebody cannot be chosen, or null. */
  barred?: (person: UserSummary) => string | null;
  /** With one only, choosing replaces. */
  single?: boolean;
  /** Takes the focus when it appears. */
  focusFirst?: boolean;
}

const nobody: readonly UserSummary[] = [];

export function PeoplePicker(props: PeoplePickerProps) {
  const { label, search, picked, onPick, suggested = nobody, barred, single, focusFirst } = props;
  const t = useText();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const { found, problem, busy } = useFound(useDeferredValue(text.trim()), search, suggested);
  const active = Math.min(at, found.length - 1);

  useEffect(() => {
    if (focusFirst) input.current?.focus();
  }, [focusFirst]);

  const toggle = (person: UserSummary) => {
    if (barred?.(person)) return;
    const without = picked.filter((other) => other.id !== person.id);
    const isNew = without.length === picked.length;
    onPick(isNew ? [...(single ? [] : picked), person] : without);
    if (isNew) setText('');
    setAt(0);
    input.current?.focus();
  };

  const keys = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const person = found[active];
    if (step && found.length > 0) {
      event.preventDefault();
      const next = (active + step + found.length) % found.length;
      setAt(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && person && (text || picked.length === 0)) {
      event.preventDefault();
      toggle(person);
    } else if (event.key === 'Backspace' && text === '' && picked.length > 0) {
      onPick(picked.slice(0, -1));
    }
  };

  return (
    <div className={styles.picker}>
      <div className={styles.box}>
        <Search size="1.1em" aria-hidden="true" />
        {picked.map((person) => (
          <span key={person.id} className={styles.chip}>
            <bdi>{person.display_name}</bdi>
            <button
              type="button"
              className={styles.drop}
              aria-label={`${t('common.remove')}: ${person.display_name}`}
              onClick={() => toggle(person)}
            >
              <X size="0.9em" />
            </button>
          </span>
        ))}
        <input
          ref={input}
          className={styles.input}
          value={text}
          placeholder={picked.length === 0 ? label : undefined}
          role="combobox"
          aria-label={label}
          aria-expanded={found.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={found.length > 0 ? `${id}-${active}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          enterKeyHint="done"
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={keys}
        />
        {busy && <Spinner />}
      </div>
      <div id={`${id}-list`} role="listbox" aria-label={label} aria-multiselectable={!single} className={styles.list}>
        {found.map((person, index) => {
          const chosen = picked.some((other) => other.id === person.id);
          const bar = barred?.(person) ?? null;
          return (
            // Focus stays in the text field, which names the active option; so the options themselves take no keys.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
            <div
              key={person.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={chosen}
              aria-disabled={bar !== null}
              className={cx(styles.option, index === active && styles.active)}
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => setAt(index)}
              onClick={() => toggle(person)}
            >
              <PersonFace person={person} note={bar ?? undefined} />
              {chosen && <Check size="1.1em" />}
            </div>
          );
        })}
      </div>
      <Live>
        {problem !== null ? errorText(problem) : found.length === 0 && text && !busy ? t('common.nobodyFound') : ''}
      </Live>
      {problem !== null ? (
        <p className={styles.none}>{errorText(problem)}</p>
      ) : (
        found.length === 0 && text && !busy && <p className={styles.none}>{t('common.nobodyFound')}</p>
      )}
    </div>
  );
}

/** What was found for a text; what was found before stays until then, so that the list does not flicker. */
function useFound(text: string, search: PeopleSearch, suggested: readonly UserSummary[]) {
  const [answer, setAnswer] = useState<{ text: string; found: readonly UserSummary[]; problem: unknown }>({
    text: '',
    found: nobody,
    problem: null,
  });

  useEffect(() => {
    if (text === '') return undefined;
    const asking = new AbortController();
    const later = setTimeout(() => {
      search(text, asking.signal).then(
        (found) => {
          if (!asking.signal.aborted) setAnswer({ text, found, problem: null });
        },
        (problem: unknown) => {
          if (!asking.signal.aborted) setAnswer({ text, found: nobody, problem });
        },
      );
    }, 150);
    return () => {
      clearTimeout(later);
      asking.abort();
    };
  }, [text, search]);

  if (text === '') return { found: suggested, problem: null, busy: false };
  return { found: answer.found, problem: answer.problem, busy: answer.text !== text };
}
