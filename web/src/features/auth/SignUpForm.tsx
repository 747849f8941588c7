// Making an account.

import { useText } from '@/lib/text';
import type { Grant, Register } from '@/protocol.gen';
import { actions, api } from '@/sync';
import { Button, Field } from '@/ui';
import { device } from './device';
import { PasswordField } from './PasswordField';
import { useSubmit } from './useSubmit';
import styles from './Form.module.css';

interface SignUpFormProps {
  action: string;
  invitation?: string;
  /** When the account is made and signed in, before the form is done. */
  then?: () => Promise<void>;
}

export function SignUpForm({ action, invitation, then }: SignUpFormProps) {
  const t = useText();
  const { busy, wrong, submit } = useSubmit(
    async (value) => {
      const register: Register = {
        username: value('username').trim(),
        password: value('password'),
        display_name: value('display_name').trim() || null,
        email: value('email').trim() || null,
        invitation: invitation ?? null,
        device: device(),
      };
      await actions.signIn(await api.post<Grant>('/auth/register', register));
      await then?.();
    },
    (value) => ({
      ...(!/^[a-z0-9]([a-z0-9._-]{1,48}[a-z0-9])$/i.test(value('username').trim()) && {
        username: t('auth.usernameInvalid'),
      }),
      ...(value('password').length < 8 && { password: t('auth.passwordInvalid') }),
    }),
  );
  return (
    <form className={styles.form} method="post" noValidate onSubmit={submit}>
      <Field
        label={t('auth.displayName')}
        name="display_name"
        autoComplete="name"
        maxLength={80}
        hint={t('auth.displayNameHint')}
        error={wrong.fields.display_name}
      />
      <Field
        label={t('auth.username')}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        maxLength={50}
        required
        dir="ltr"
        hint={t('auth.usernameHint')}
        error={wrong.fields.username}
      />
      <PasswordField kind="new" error={wrong.fields.password} />
      <Field
        label={t('auth.email')}
        name="email"
        type="email"
        autoComplete="email"
        maxLength={320}
        dir="ltr"
        error={wrong.fields.email}
      />
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
