// A labelled line of input with its hint and its error, tied together for screen readers.

import { useId, type ComponentPropsWithRef } from 'react';
import styles from './Field.module.css';

interface Common {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
}

export type FieldProps = Common & ComponentPropsWithRef<'input'>;

export function Field({ label, hint, error, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <input id={id} {...rest} className={styles.input} {...described(id, hint, error)} />
      <Notes id={id} hint={hint} error={error} />
    </div>
  );
}

export type TextAreaProps = Common & ComponentPropsWithRef<'textarea'>;

export function TextArea({ label, hint, error, ...rest }: TextAreaProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <textarea id={id} {...rest} className={styles.input} {...described(id, hint, error)} />
      <Notes id={id} hint={hint} error={error} />
    </div>
  );
}

function described(id: string, hint?: string, error?: string) {
  return {
    'aria-invalid': error ? true : undefined,
    'aria-describedby': error ? `${id}-error` : hint ? `${id}-hint` : undefined,
  };
}

function Notes({ id, hint, error }: { id: string; hint?: string | undefined; error?: string | undefined }) {
  if (error) {
    return (
      <p id={`${id}-error`} className={styles.error} role="alert">
        {error}
      </p>
    );
  }
  return hint ? (
    <p id={`${id}-hint`} className={styles.hint}>
      {hint}
    </p>
  ) : null;
}
