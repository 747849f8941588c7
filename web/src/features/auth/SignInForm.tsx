// Signing in with a user name or an e-mail address.

import { useText } from '@/lib/text';
import type { Grant, Login } from '@/protocol.gen';
import { actions, api } from '@/sync';
import { Button, Field } from '@/ui';
import { device } from './device';
import { PasswordField } from './PasswordField';
import { useSubmit } from './useSubmit';
import styles from './Form.module.css';

interface SignInFormProps {
  action: string;
  /** When signed in, before the form is done. */
  then?: () => Promise<void>;
}

export function SignInForm({ action, then }: SignInFormProps) {
  const t = useText();
  const { busy, wrong, submit } = useSubmit(
    async (value) => {
      const login: Login = { login: value('login').trim(), password: value('password'), device: device() };
      await actions.signIn(await api.post<Grant>('/auth/login', login));
      await then?.();
    },
    (value) => ({
      ...(!value('login').trim() && { login: t('auth.required') }),
      ...(!value('password') && { password: t('auth.required') }),
    }),
  );
  return (
    <form className={styles.form} method="post" noValidate onSubmit={submit}>
      <Field
        label={t('auth.login')}
        name="login"
        autoComplete="username"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        maxLength={320}
        required
        error={wrong.fields.login}
      />
      <PasswordField kind="current" error={wrong.fields.password} />
      {wrong.form && (
        <p className={styles.problem} role="alert">
          {wrong.form}
        </p>
      )}
      <Button type="submit" kind="primary" wide busy={busy}>
        {action}
      </Button>
    </form>
  );
}
