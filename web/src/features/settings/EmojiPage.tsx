// The emoji of this server: all of them, adding one, and removing those that one may remove.

import { useCallback, useRef, useState } from 'react';
import { errorText } from '@/lib/error';
import { usePages } from '@/lib/pages';
import { useTask } from '@/lib/task';
import { useText } from '@/lib/text';
import type { CustomEmoji, EmojiFrom, EmojiList, Page, ServerInfo, ServerSettings } from '@/protocol.gen';
import { actions, api, useAccount, useOwnChanges } from '@/sync';
import { Button, confirm, Field, Loading, toast } from '@/ui';
import { attempt } from '@/ui/attempt';
import { Segments } from '@/ui/Choice';
import { loadCustom } from '@/ui/emoji/custom';
import { Sign } from '@/ui/emoji/Sign';
import { Form } from '@/ui/Form';
import { Actions, Notice, Rows, Section, SettingRow } from '@/ui/Section';
import styles from './EmojiPage.module.css';

interface All extends Page<CustomEmoji> {
  from: EmojiFrom;
}

async function everything(signal: AbortSignal): Promise<All> {
  const [list, server] = await Promise.all([
    api.get<EmojiList>('/emoji', undefined, signal),
    api.get<ServerInfo>('/server', undefined, signal),
  ]);
  return { items: list.items, next: null, from: server.custom_emoji ?? 'admins' };
}

export function EmojiPage() {
  const t = useText();
  const user = useAccount()?.user;
  const [from, setFrom] = useState<All['from']>('admins');
  const load = useCallback(async (_: string | undefined, signal: AbortSignal) => {
    const all = await everything(signal);
    setFrom(all.from);
    return all;
  }, []);
  const { items, problem, change } = usePages<CustomEmoji>(load, useOwnChanges('emoji'));
  const admin = user !== undefined && user.server_role !== 'member';

  const remove = async ({ name }: CustomEmoji) => {
    const sure = await confirm({
      title: t('emojis.removeTitle', { name }),
      text: t('emojis.removeText'),
      action: t('common.remove'),
      danger: true,
    });
    if (!sure || !(await attempt(api.delete(`/emoji/${name}`), t('emojis.removed', { name })))) return;
    change((all) => all.filter((one) => one.name !== name));
    void loadCustom();
  };
  const allow = async (next: All['from']) => {
    setFrom(next);
    const update: Partial<ServerSettings> = { custom_emoji: next };
    if (!(await attempt(api.put('/admin/settings', update), t('common.saved')))) setFrom(from);
  };

  if (items === null) return problem === null ? <Loading /> : <Notice kind="problem">{errorText(problem)}</Notice>;
  return (
    <>
      {user?.server_role === 'owner' && (
        <Section title={t('emojis.who')}>
          <Segments
            label={t('emojis.who')}
            hideLabel
            value={from}
            onChange={(next) => void allow(next)}
            options={[
              { value: 'admins', label: t('emojis.admins') },
              { value: 'everybody', label: t('emojis.everybody') },
            ]}
          />
        </Section>
      )}
      {(admin || from === 'everybody') && (
        <Section title={t('emojis.add')} text={t('emojis.text')}>
          <Add
            onAdded={(made) =>
              change((all) =>
                [...all.filter(({ name }) => name !== made.name), made].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
              )
            }
          />
        </Section>
      )}
      <Section title={t('emojis.custom')}>
        {items.length === 0 ? (
          <Notice>{t('emojis.none')}</Notice>
        ) : (
          <Rows>
            {items.map((emoji) => (
              <SettingRow
                key={emoji.name}
                icon={
                  <span className={styles.sign}>
                    <Sign emoji={`:${emoji.name}:`} />
                  </span>
                }
                title={<bdi dir="ltr">:{emoji.name}:</bdi>}
              >
                {(admin || emoji.created_by === user?.id) && (
                  <Button small onClick={() => void remove(emoji)}>
                    {t('common.remove')}
                  </Button>
                )}
              </SettingRow>
            ))}
          </Rows>
        )}
      </Section>
    </>
  );
}

function Add({ onAdded }: { onAdded: (made: CustomEmoji) => void }) {
  const t = useText();
  const task = useTask();
  const chooser = useRef<HTMLInputElement>(null);
  const [name, setName] = useState('');
  const [picture, setPicture] = useState<File | null>(null);
  const valid = /^[a-z0-9_-]{2,32}$/.test(name);

  const add = async () => {
    if (!picture || !valid) return;
    const done = await task.run(async () => {
      const desk = await actions.files();
      const { id } = await desk.send(picture, picture.name, 'emoji');
      onAdded(await api.put<CustomEmoji>(`/emoji/${name}`, { file_id: id }));
      await loadCustom();
    });
    if (!done) return;
    toast(t('emojis.added', { name }));
    setName('');
    setPicture(null);
    if (chooser.current) chooser.current.value = '';
  };

  return (
    <Form onSubmit={() => void add()} label={t('emojis.add')}>
      <Field
        ref={chooser}
        type="file"
        label={t('emojis.picture')}
        hint={t('emojis.pictureHint')}
        accept="image/png,image/gif,image/webp,image/jpeg"
        error={task.errorOf('file_id')}
        onChange={({ target }) => {
          const chosen = target.files?.[0] ?? null;
          setPicture(chosen);
          // Most pictures are called what the emoji will be called.
          if (chosen && name === '') setName(nameFrom(chosen.name));
        }}
      />
      <Field
        label={t('emojis.name')}
        hint={t('emojis.nameHint')}
        value={name}
        maxLength={32}
        dir="ltr"
        autoCapitalize="none"
        autoComplete="off"
        error={task.errorOf('name')}
        onChange={(event) => setName(event.target.value.toLowerCase())}
      />
      {task.errorBeside('name', 'file_id') && <Notice kind="problem">{task.errorBeside('name', 'file_id')}</Notice>}
      <Actions>
        <Button type="submit" kind="primary" busy={task.busy} disabled={!picture || !valid}>
          {t('emojis.add')}
        </Button>
      </Actions>
    </Form>
  );
}

function nameFrom(file: string): string {
  return file
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 32);
}
