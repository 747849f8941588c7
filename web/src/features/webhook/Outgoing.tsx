// Addresses that are told what happens: making, switching off and on, replacing the secret, and what was delivered.

import { useCallback, useState } from 'react';
import { errorText } from '@/lib/error';
import { usePages } from '@/lib/pages';
import { useTask } from '@/lib/task';
import { useText } from '@/lib/text';
import type { Page, Topic, Webhook } from '@/protocol.gen';
import { api } from '@/sync';
import { Button, Field, Loading } from '@/ui';
import { CopyField } from '@/ui/CopyField';
import { Form } from '@/ui/Form';
import { Actions, Notice, Rows } from '@/ui/Section';
import { OutgoingRow } from './OutgoingRow';
import { groups, isIn, toggled } from './topics';
import styles from './Webhooks.module.css';

export function Outgoing({ conversationId }: { conversationId: string | null }) {
  const t = useText();
  const load = useCallback(
    (_: string | undefined, signal: AbortSignal): Promise<Page<Webhook>> =>
      api.get('/webhooks', { conversation_id: conversationId ?? undefined }, signal),
    [conversationId],
  );
  const { items, problem, change } = usePages(load);
  const task = useTask();
  const [url, setUrl] = useState('');
  const [events, setEvents] = useState<readonly Topic[]>(['message.sent']);
  const [secret, setSecret] = useState<string | null>(null);

  const add = async () => {
    const done = await task.run(async () => {
      const create = { url: url.trim(), events, ...(conversationId && { conversation_id: conversationId }) };
      const made = await api.post<Webhook>('/webhooks', create);
      setSecret(made.secret ?? null);
      change((all) => [...all, made]);
    });
    if (done) setUrl('');
  };

  if (items === null) return problem === null ? <Loading /> : <Notice kind="problem">{errorText(problem)}</Notice>;
  return (
    <>
      {secret && <CopyField label={t('webhook.secret')} value={secret} hint={t('webhook.onceOnly')} />}
      {items.length === 0 ? (
        <Notice>{t('webhook.noOutgoing')}</Notice>
      ) : (
        <Rows>
          {items.map((webhook) => (
            <OutgoingRow
              key={webhook.id}
              webhook={webhook}
              onChange={(next) => change((all) => all.map((one) => (one.id === next.id ? next : one)))}
              onRemove={() => change((all) => all.filter((one) => one.id !== webhook.id))}
              onSecret={setSecret}
            />
          ))}
        </Rows>
      )}
      <Form onSubmit={() => void add()} label={t('webhook.add')}>
        <Field
          type="url"
          label={t('webhook.url')}
          hint={t('webhook.urlHint')}
          value={url}
          required
          dir="ltr"
          autoComplete="off"
          error={task.errorOf('url')}
          onChange={(event) => setUrl(event.target.value)}
        />
        <fieldset className={styles.events}>
          <legend>{t('webhook.events')}</legend>
          {groups.map((group) => (
            <label key={group.label} className={styles.event}>
              <input
                type="checkbox"
                checked={isIn(events, group)}
                onChange={() => setEvents((now) => toggled(now, group))}
              />
              {t(group.label)}
            </label>
          ))}
        </fieldset>
        {task.errorBeside('url') && <Notice kind="problem">{task.errorBeside('url')}</Notice>}
        <Actions>
          <Button type="submit" busy={task.busy} disabled={!url.trim() || events.length === 0}>
            {t('webhook.add')}
          </Button>
        </Actions>
      </Form>
    </>
  );
}
