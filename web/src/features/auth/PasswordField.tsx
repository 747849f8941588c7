// A password, hidden unless one wants to see what one types.

import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { useText } from '@/lib/text';
import { Field, IconButton } from '@/ui';
import styles from './Form.module.css';

interface PasswordFieldProps {
  /** `new` lets password managers offer one. */
  kind: 'current' | 'new';
  error?: string | undefined;
}

export function PasswordField({ kind, error }: PasswordFieldProps) {
  const t = useText();
  const [seen, setSeen] = useState(false);
  return (
    <div className={styles.password}>
      <Field
        label={t('auth.password')}
        name="password"
        type={seen ? 'text' : 'password'}
        autoComplete={`${kind}-password`}
        autoCapitalize="none"
        spellCheck={false}
        maxLength={1024}
        required
        hint={kind === 'new' ? t('auth.passwordHint') : undefined}
        error={error}
      />
      <IconButton
        className={styles.reveal}
        label={seen ? t('auth.hidePassword') : t('auth.showPassword')}
        onClick={() => setSeen(!seen)}
      >
        {seen ? <EyeOff size="1.125em" /> : <Eye size="1.125em" />}
      </IconButton>
    </div>
  );
}
