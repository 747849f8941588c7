// Whether the address for e-mails is confirmed, and how it becomes so: by a link that the server sends there. The password
// is asked for, because mail to that address tells of one's messages for as long as it stays.

import { useState } from 'react';
import { isRefused } from '@/lib/error';
import { useTask } from '@/lib/task';
import { language, useText } from '@/lib/text';
import type { Account } from '@/protocol.gen';
import { Button, Field, toast } from '@/ui';
import { Form } from '@/ui/Form';
import { Actions, Notice, SettingRow } from '@/ui/Section';
import { actions, api } from '@/sync';
import { useSendsMail } from './mail';

export function ConfirmEmail({ account }: { account: Account }) {
  const t = useText();
  const sends = useSendsMail();
  const waiting = account.email_waiting ?? (account.email_confirmed ? null : account.email);
  if (account.email_confirmed && !waiting) {
    return <SettingRow title={t('settings.emailState')}>{t('settings.emailConfirmed')}</SettingRow>;
  }
  if (!waiting || !sends) return null;
  return (
    <>
      {account.email_waiting ? (
        <Notice>{t('settings.emailWaiting', { email: account.email_waiting })}</Notice>
      ) : (
        <Notice>{t('settings.emailUnconfirmed')}</Notice>
      )}
      <SendLink email={waiting} again={account.email_waiting !== undefined} username={account.user.username} />
    </>
  );
}

function SendLink({ email, again, username }: { email: string; again: boolean; username: string }) {
  const t = useText();
  const task = useTask();
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState(false);
  const send = async () => {
    const done = await task.run(async () => {
      await actions.updateAccount({ language: language() });
      await api.put('/me/email', { email, password }).catch((problem: unknown) => {
        // This code speaks of signing in; here it can only mean the present password.
        setWrong(isRefused(problem) && problem.code === 'wrong_credentials');
        throw problem;
      });
    });
    if (!done) return;
    setPassword('');
    toast(t('settings.linkSent', { email }));
  };
  const problem = wrong ? undefined : task.errorBeside();
  return (
    <Form onSubmit={() => void send()}>
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <Field
        type="password"
        label={t('settings.currentPassword')}
        value={password}
        autoComplete="current-password"
        error={wrong ? t('settings.wrongPassword') : undefined}
        onChange={(event) => {
          setPassword(event.target.value);
          setWrong(false);
          task.clear();
        }}
      />
      {problem && <Notice kind="problem">{problem}</Notice>}
      <Actions>
        <Button type="submit" busy={task.busy} disabled={password === ''}>
          {t(again ? 'settings.sendLinkAgain' : 'settings.sendLink')}
        </Button>
      </Actions>
    </Form>
  );
}
