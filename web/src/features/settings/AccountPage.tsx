// The account itself: how one signs in, a copy of what is one's own, signing out, and the end of it.

import { useHeld } from '@/lib/held';
import { useTask } from '@/lib/task';
import { useText } from '@/lib/text';
import type { Account } from '@/protocol.gen';
import { Button, confirm, Field, Loading, toast } from '@/ui';
import { Form } from '@/ui/Form';
import { Actions, Notice, Section, SettingRow } from '@/ui/Section';
import { actions, useAccount } from '@/sync';
import { ConfirmEmail } from './ConfirmEmail';
import { DeleteAccount } from './DeleteAccount';
import { ExportData } from './ExportData';
import { PasswordForm } from './PasswordForm';

export function AccountPage() {
  const t = useText();
  const account = useAccount();
  const task = useTask();
  if (!account) return <Loading />;

  const signOut = async () => {
    const sure = await confirm({
      title: t('settings.signOutTitle'),
      text: t('settings.signOutText'),
      action: t('settings.signOut'),
    });
    if (sure) await task.run(() => actions.signOut());
  };

  return (
    <>
      <Section title={t('settings.signIn')}>
        <SettingRow title={t('settings.username')} text={t('settings.usernameHint')}>
          <bdi dir="ltr">@{account.user.username}</bdi>
        </SettingRow>
        <EmailForm key={account.user.id} account={account} />
        <ConfirmEmail account={account} />
      </Section>
      <Section title={t('settings.password')} text={t('settings.passwordText')}>
        <PasswordForm username={account.user.username} />
      </Section>
      <ExportData />
      <Section title={t('settings.signOut')} text={t('settings.signOutHint')}>
        {task.errorBeside() && <Notice kind="problem">{task.errorBeside()}</Notice>}
        <Actions>
          <Button busy={task.busy} onClick={() => void signOut()}>
            {t('settings.signOut')}
          </Button>
        </Actions>
      </Section>
      <DeleteAccount />
    </>
  );
}

function EmailForm({ account }: { account: Account }) {
  const t = useText();
  const task = useTask();
  const { value, changed, change, drop } = useHeld(`email ${account.user.id}`, { email: account.email ?? '' });
  const save = async () => {
    if (!(await task.run(() => actions.updateAccount({ email: value.email.trim() || null })))) return;
    drop();
    toast(t('common.saved'));
  };
  return (
    <Form onSubmit={() => void save()}>
      <Field
        type="email"
        label={t('settings.email')}
        hint={t('settings.emailHint')}
        value={value.email}
        autoComplete="email"
        dir="ltr"
        error={task.errorOf('email')}
        onChange={(event) => change({ email: event.target.value })}
      />
      {task.errorBeside('email') && <Notice kind="problem">{task.errorBeside('email')}</Notice>}
      <Actions>
        <Button type="submit" busy={task.busy} disabled={!changed}>
          {t('settings.saveEmail')}
        </Button>
        {changed && (
          <Button kind="quiet" disabled={task.busy} onClick={drop}>
            {t('settings.discard')}
          </Button>
        )}
      </Actions>
    </Form>
  );
}
