// The end of an account: asked for with the password, done at once, and reported.

import { useState } from 'react';
import { setFarewell } from '@/lib/farewell';
import { useTask } from '@/lib/task';
import { useText } from '@/lib/text';
import { Button, Field } from '@/ui';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { Actions, Notice, Section } from '@/ui/Section';
import { actions } from '@/sync';

export function DeleteAccount() {
  const t = useText();
  const [open, setOpen] = useState(false);
  return (
    <Section title={t('data.delete')} text={t('data.deleteText')}>
      <Actions>
        <Button kind="danger" onClick={() => setOpen(true)}>
          {t('data.deleteAction')}
        </Button>
      </Actions>
      {open && <Ask onClose={() => setOpen(false)} />}
    </Section>
  );
}

function Ask({ onClose }: { onClose: () => void }) {
  const t = useText();
  const task = useTask();
  const [password, setPassword] = useState('');

  const erase = () =>
    void task.run(async () => {
      setFarewell(await actions.deleteAccount(password));
      await actions.signOut();
    });
  return (
    <Dialog title={t('data.deleteTitle')} onClose={onClose}>
      <Form onSubmit={erase}>
        <Notice kind="warning">{t('data.deleteWarning')}</Notice>
        <Field
          type="password"
          label={t('data.password')}
          value={password}
          required
          dir="ltr"
          autoComplete="current-password"
          error={task.errorOf('password')}
          onChange={(event) => {
            setPassword(event.target.value);
            task.clear();
          }}
        />
        {task.errorBeside('password') && <Notice kind="problem">{task.errorBeside('password')}</Notice>}
        <Actions>
          <Button type="submit" kind="danger" busy={task.busy} disabled={!password}>
            {t('data.deleteNow')}
          </Button>
          <Button disabled={task.busy} onClick={onClose}>
            {t('common.cancel')}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
