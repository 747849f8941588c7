// Webhooks that post into a conversation. The address of a new one is shown this once.

import { Webhook as Icon } from 'lucide-react';
import { useCallback, useState } from 'react';
import { errorText } from '@/lib/error';
import { usePages } from '@/lib/pages';
import { useTask } from '@/lib/task';
import { useText } from '@/lib/text';
import { relative } from '@/lib/time';
import type { IncomingWebhook, Page } from '@/protocol.gen';
import { api } from '@/sync';
import { Button, confirm, Field, Loading } from '@/ui';
import { attempt } from '@/ui/attempt';
import { CopyField } from '@/ui/CopyField';
import { Form } from '@/ui/Form';
import { Actions, Notice, Rows, SettingRow } from '@/ui/Section';

function addressOf(secret: string): string {
  return new URL(`/api/v1/hooks/${secret}`, location.href).href;
}

export function Incoming({ conversationId }: { conversationId: string }) {
  const t = useText();
  const path = `/conversations/${conversationId}/webhooks`;
  const load = useCallback(
    (cursor: string | undefined, signal: AbortSignal): Promise<Page<IncomingWebhook>> =>
      api.get(path, { cursor }, signal),
    [path],
  );
  const { items, problem, change } = usePages(load);
  const task = useTask();
  const [name, setName] = useState('');
  const [made, setMade] = useState<IncomingWebhook | null>(null);

  const make = async () => {
    const done = await task.run(async () => {
      const webhook = await api.post<IncomingWebhook>(path, { name: name.trim() });
      setMade(webhook);
      change((all) => [...all, webhook]);
    });
    if (done) setName('');
  };
  const remove = async ({ id, user }: IncomingWebhook) => {
    const sure = await confirm({
      title: t('webhook.removeTitle', { name: user.display_name }),
      text: t('webhook.removeText'),
      action: t('common.remove'),
      danger: true,
    });
    if (!sure || !(await attempt(api.delete(`${path}/${id}`)))) return;
    change((all) => all.filter((one) => one.id !== id));
    setMade((now) => (now?.id === id ? null : now));
  };

  if (items === null) return problem === null ? <Loading /> : <Notice kind="problem">{errorText(problem)}</Notice>;
  return (
    <>
      {made?.secret && (
        <CopyField
          label={t('webhook.address', { name: made.user.display_name })}
          value={addressOf(made.secret)}
          hint={t('webhook.onceOnly')}
        />
      )}
      {items.length === 0 ? (
        <Notice>{t('webhook.noIncoming')}</Notice>
      ) : (
        <Rows>
          {items.map((webhook) => (
            <SettingRow
              key={webhook.id}
              icon={<Icon size="1.2em" />}
              title={<bdi>{webhook.user.display_name}</bdi>}
              text={
                webhook.last_used_at
                  ? t('webhook.lastUsed', { when: relative(webhook.last_used_at) })
                  : t('webhook.neverUsed')
              }
            >
              <Button small onClick={() => void remove(webhook)}>
                {t('common.remove')}
              </Button>
            </SettingRow>
          ))}
        </Rows>
      )}
      <Form onSubmit={() => void make()} label={t('webhook.make')}>
        <Field
          label={t('webhook.name')}
          hint={t('webhook.nameHint')}
          value={name}
          maxLength={80}
          required
          dir="auto"
          autoComplete="off"
          error={task.errorOf('name')}
          onChange={(event) => setName(event.target.value)}
        />
        {task.errorBeside('name') && <Notice kind="problem">{task.errorBeside('name')}</Notice>}
        <Actions>
          <Button type="submit" busy={task.busy} disabled={!name.trim()}>
            {t('webhook.make')}
          </Button>
        </Actions>
      </Form>
    </>
  );
}
