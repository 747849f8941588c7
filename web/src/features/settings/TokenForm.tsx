// Making a token: what it is for, what it may do, and for how long.

import { useState } from 'react';
import { useTask } from '@/lib/task';
import { useText } from '@/lib/text';
import type { Scope, Token } from '@/protocol.gen';
import { Button, Field } from '@/ui';
import { Select, Switch } from '@/ui/Choice';
import { Form } from '@/ui/Form';
import { Actions, Notice } from '@/ui/Section';
import { api } from '@/sync';
import { scopeText } from './scopes';

interface TokenFormProps {
  path: string;
  scopes: readonly Scope[];
  onMade: (token: Token) => void;
  onCancel: () => void;
}

/** In days. */
const lifetimes = ['7', '30', '90', '365', 'never'] as const;
type Lifetime = (typeof lifetimes)[number];

export function TokenForm({ path, scopes, onMade, onCancel }: TokenFormProps) {
  const t = useText();
  const task = useTask();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly Scope[]>(['read']);
  const [life, setLife] = useState<Lifetime>('90');
  const ready = name.trim() !== '' && chosen.length > 0;

  const make = () =>
    task.run(async () => {
      const expires_in = life === 'never' ? null : Number(life) * 86_400;
      onMade(await api.post<Token>(path, { name: name.trim(), scopes: chosen, expires_in }));
    });

  return (
    <Form onSubmit={() => void (ready && make())}>
      <Field
        label={t('settings.tokenName')}
        hint={t('settings.tokenNameHint')}
        value={name}
        maxLength={80}
        dir="auto"
        error={task.errorOf('name')}
        onChange={(event) => setName(event.target.value)}
      />
      <div role="group" aria-label={t('settings.scopes')}>
        {scopes.map((scope) => (
          <Switch
            key={scope}
            label={t(scopeText[scope])}
            checked={chosen.includes(scope)}
            onChange={(on) => setChosen(on ? [...chosen, scope] : chosen.filter((other) => other !== scope))}
          />
        ))}
      </div>
      <Select
        label={t('settings.tokenLife')}
        value={life}
        onChange={setLife}
        options={lifetimes.map((value) => ({
          value,
          label: value === 'never' ? t('settings.forever') : t('settings.days', { count: Number(value) }),
        }))}
      />
      {task.errorBeside('name') && <Notice kind="problem">{task.errorBeside('name')}</Notice>}
      <Actions>
        <Button onClick={onCancel}>{t('common.cancel')}</Button>
        <Button type="submit" kind="primary" busy={task.busy} disabled={!ready}>
          {t('settings.makeToken')}
        </Button>
      </Actions>
    </Form>
  );
}
