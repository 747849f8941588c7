// Choosing: a switch for yes and no, segments for one of a few, a select for one of many.

import { Switch as Base } from '@base-ui/react/switch';
import { useId, type KeyboardEvent } from 'react';
import styles from './Choice.module.css';

interface SwitchProps {
  label: string;
  hint?: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

export function Switch({ label, hint, checked, disabled = false, onChange }: SwitchProps) {
  const id = useId();
  return (
    <label className={styles.row}>
      <span className={styles.words}>
        <span id={id}>{label}</span>
        {hint && <span className={styles.hint}>{hint}</span>}
      </span>
      <Base.Root
        className={styles.switch}
        aria-labelledby={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={(next) => onChange(next)}
      >
        <Base.Thumb className={styles.thumb} />
      </Base.Root>
    </label>
  );
}

interface OneOf<T extends string> {
  label: string;
  /** The label is only for screen readers, where the options speak for themselves. */
  hideLabel?: boolean;
  options: readonly { value: T; label: string }[];
  value: T;
  disabled?: boolean;
  onChange: (value: T) => void;
}

export function Segments<T extends string>({ label, hideLabel, options, value, disabled, onChange }: OneOf<T>) {
  // As radio buttons: one stop for the Tab key, arrows move the choice.
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const forward = event.key === 'ArrowRight' || event.key === 'ArrowDown';
    const back = event.key === 'ArrowLeft' || event.key === 'ArrowUp';
    if (!forward && !back) return;
    event.preventDefault();
    const mirrored =
      getComputedStyle(event.currentTarget).direction === 'rtl' && event.key.match(/Left|Right/) !== null;
    const at = options.findIndex((option) => option.value === value);
    const next = (at + (forward === mirrored ? -1 : 1) + options.length) % options.length;
    const option = options[next];
    if (!option) return;
    onChange(option.value);
    event.currentTarget.querySelectorAll('button')[next]?.focus();
  };
  return (
    <fieldset className={styles.set} disabled={disabled}>
      {!hideLabel && <legend className={styles.legend}>{label}</legend>}
      <div className={styles.segments} role="radiogroup" aria-label={label} tabIndex={-1} onKeyDown={move}>
        {options.map((option) => (
          <button
            key={option.value}
            type="button"
            role="radio"
            aria-checked={option.value === value}
            tabIndex={option.value === value ? 0 : -1}
            className={styles.segment}
            onClick={() => onChange(option.value)}
          >
            {option.label}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

export function Select<T extends string>({ label, hideLabel, options, value, disabled, onChange }: OneOf<T>) {
  const id = useId();
  return (
    <div className={hideLabel ? undefined : styles.row}>
      {!hideLabel && <label htmlFor={id}>{label}</label>}
      <select
        id={id}
        className={styles.select}
        value={value}
        disabled={disabled}
        aria-label={hideLabel ? label : undefined}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
