// One's bots: accounts without a password, which programs use by their tokens.

import { useState } from 'react';
import { errorText } from '@/lib/error';
import { openOverlay } from '@/lib/overlay';
import { usePages } from '@/lib/pages';
import { useTask } from '@/lib/task';
import { useText } from '@/lib/text';
import type { BotCreated, Page, User } from '@/protocol.gen';
import { Button, confirm, Field, Loading, toast } from '@/ui';
import { CopyField } from '@/ui/CopyField';
import { Form } from '@/ui/Form';
import { PersonRow } from '@/ui/PersonRow';
import { Actions, Notice } from '@/ui/Section';
import { api } from '@/sync';
import { Tokens } from './Tokens';

function load(cursor: string | undefined, signal: AbortSignal): Promise<Page<User>> {
  return api.get('/bots', { cursor }, signal);
}

export function Bots() {
  const t = useText();
  const task = useTask();
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const { items, problem, change, more } = usePages(load);

  const disable = async (bot: User) => {
    const sure = await confirm({
      title: t('settings.disableBotTitle', { name: bot.display_name }),
      text: t('settings.disableBotText'),
      action: t('settings.disableBot'),
      danger: true,
    });
    if (!sure || !(await task.run(() => api.delete(`/bots/${bot.id}`)))) return;
    change((all) => all.map((other) => (other.id === bot.id ? { ...bot, disabled: true } : other)));
    toast(t('settings.botDisabled', { name: bot.display_name }));
  };

  return (
    <>
      {problem !== null && <Notice kind="problem">{errorText(problem)}</Notice>}
      {task.errorBeside() && <Notice kind="problem">{task.errorBeside()}</Notice>}
      {items === null && problem === null && <Loading />}
      {secret && <CopyField label={t('settings.newToken')} value={secret} hint={t('settings.onceOnly')} />}
      {items?.map((bot) => (
        <div key={bot.id}>
          <PersonRow
            person={bot}
            mark={bot.disabled ? t('settings.disabled') : undefined}
            onOpen={() => openOverlay({ kind: 'profile', userId: bot.id })}
          >
            {!bot.disabled && (
              <>
                <Button
                  small
                  aria-expanded={shown === bot.id}
                  onClick={() => setShown(shown === bot.id ? null : bot.id)}
                >
                  {t('settings.botTokens')}
                </Button>
                <Button small kind="quiet" disabled={task.busy} onClick={() => void disable(bot)}>
                  {t('settings.disableBot')}
                </Button>
              </>
            )}
          </PersonRow>
          {shown === bot.id && <Tokens path={`/bots/${bot.id}/tokens`} scopes={['read', 'write', 'manage']} />}
        </div>
      ))}
      {more && <Button onClick={more}>{t('common.loadMore')}</Button>}
      {making ? (
        <BotForm
          onCancel={() => setMaking(false)}
          onMade={({ bot, token }) => {
            setMaking(false);
            setSecret(token.secret ?? null);
            change((all) => [...all, bot]);
          }}
        />
      ) : (
        <Actions>
          <Button onClick={() => setMaking(true)}>{t('settings.makeBot')}</Button>
        </Actions>
      )}
    </>
  );
}

function BotForm({ onMade, onCancel }: { onMade: (made: BotCreated) => void; onCancel: () => void }) {
  const t = useText();
  const task = useTask();
  const [username, setUsername] = useState('');
  const [name, setName] = useState('');
  const make = () =>
    task.run(async () => {
      const display_name = name.trim() || null;
      onMade(await api.post<BotCreated>('/bots', { username: username.trim(), display_name }));
    });
  return (
    <Form onSubmit={() => void (username.trim() !== '' && make())}>
      <Field
        label={t('settings.username')}
        hint={t('settings.botUsernameHint')}
        value={username}
        maxLength={50}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        dir="ltr"
        error={task.errorOf('username')}
        onChange={(event) => setUsername(event.target.value)}
      />
      <Field
        label={t('settings.displayName')}
        value={name}
        maxLength={80}
        dir="auto"
        error={task.errorOf('display_name')}
        onChange={(event) => setName(event.target.value)}
      />
      {task.errorBeside('username', 'display_name') && (
        <Notice kind="problem">{task.errorBeside('username', 'display_name')}</Notice>
      )}
      <Actions>
        <Button onClick={onCancel}>{t('common.cancel')}</Button>
        <Button type="submit" kind="primary" busy={task.busy} disabled={username.trim() === ''}>
          {t('settings.makeBot')}
        </Button>
      </Actions>
    </Form>
  );
}
