// A new password. Every other session ends with the old one.

import { useState } from 'react';
import { isRefused } from '@/lib/error';
import { useTask } from '@/lib/task';
import { useText } from '@/lib/text';
import { Button, Field, toast } from '@/ui';
import { Form } from '@/ui/Form';
import { Actions, Notice } from '@/ui/Section';
import { api } from '@/sync';

const SHORTEST = 8;
const empty = { current: '', next: '', again: '' };

export function PasswordForm({ username }: { username: string }) {
  const t = useText();
  const task = useTask();
  const [value, setValue] = useState(empty);
  const [wrong, setWrong] = useState(false);
  const different = value.again !== '' && value.again !== value.next;
  const ready = value.current !== '' && value.next.length >= SHORTEST && value.again === value.next;

  const change = (part: Partial<typeof empty>) => {
    setValue((now) => ({ ...now, ...part }));
    setWrong(false);
    task.clear();
  };
  const save = async () => {
    if (!ready) return;
    const done = await task.run(() =>
      api.put('/me/password', { current: value.current, new: value.next }).catch((problem: unknown) => {
        // This code speaks of signing in; here it can only mean the present password.
        setWrong(isRefused(problem) && problem.code === 'wrong_credentials');
        throw problem;
      }),
    );
    if (!done) return;
    setValue(empty);
    toast(t('settings.passwordChanged'));
  };
  const problem = wrong ? undefined : task.errorBeside('new');

  return (
    <Form onSubmit={() => void save()}>
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <Field
        type="password"
        label={t('settings.currentPassword')}
        value={value.current}
        autoComplete="current-password"
        error={wrong ? t('settings.wrongPassword') : undefined}
        onChange={(event) => change({ current: event.target.value })}
      />
      <Field
        type="password"
        label={t('settings.newPassword')}
        hint={t('settings.passwordHint', { count: SHORTEST })}
        value={value.next}
        maxLength={1024}
        autoComplete="new-password"
        error={task.errorOf('new')}
        onChange={(event) => change({ next: event.target.value })}
      />
      <Field
        type="password"
        label={t('settings.passwordAgain')}
        value={value.again}
        autoComplete="new-password"
        error={different ? t('settings.passwordsDiffer') : undefined}
        onChange={(event) => change({ again: event.target.value })}
      />
      {problem && <Notice kind="problem">{problem}</Notice>}
      <Actions>
        <Button type="submit" kind="primary" busy={task.busy} disabled={!ready}>
          {t('settings.changePassword')}
        </Button>
      </Actions>
    </Form>
  );
}
