// Something to take away: a link or a secret, with a button that copies it.

import { Check, Copy } from 'lucide-react';
import { useId, useState } from 'react';
import { useText } from '@/lib/text';
import { Button } from './Button';
import { toast } from './toast';
import styles from './CopyField.module.css';

interface CopyFieldProps {
  label: string;
  value: string;
  hint?: string;
}

export function CopyField({ label, value, hint }: CopyFieldProps) {
  const t = useText();
  const id = useId();
  const [copied, setCopied] = useState<string | null>(null);
  const done = copied === value;

  const copy = () => {
    navigator.clipboard.writeText(value).then(
      () => {
        setCopied(value);
        toast(t('common.copied'));
      },
      () => {
        // Without permission the text is selected, so that it can be copied by hand.
        const input = document.getElementById(id);
        if (input instanceof HTMLInputElement) input.select();
      },
    );
  };

  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.line}>
        <input
          id={id}
          className={styles.value}
          readOnly
          dir="ltr"
          value={value}
          onFocus={(event) => event.target.select()}
          aria-describedby={hint ? `${id}-hint` : undefined}
        />
        <Button icon={done ? <Check size="1em" /> : <Copy size="1em" />} onClick={copy}>
          {done ? t('common.copied') : t('common.copy')}
        </Button>
      </div>
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}
