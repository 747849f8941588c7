// What others see of oneself.

import { useMemo } from 'react';
import { useHeld } from '@/lib/held';
import { openOverlay } from '@/lib/overlay';
import { presentStatus } from '@/lib/presence';
import { useTask } from '@/lib/task';
import { useText } from '@/lib/text';
import type { User } from '@/protocol.gen';
import { Avatar, Button, Field, Loading, TextArea, toast } from '@/ui';
import { Form } from '@/ui/Form';
import { PictureField } from '@/ui/picture/PictureField';
import { SearchSelect } from '@/ui/SearchSelect';
import { Actions, Notice, Section, SettingRow } from '@/ui/Section';
import { StatusLine } from '@/ui/StatusLine';
import { actions, useAccount } from '@/sync';
import { timeZones } from './timeZones';

export function ProfilePage() {
  const account = useAccount();
  return account ? <Profile key={account.user.id} user={account.user} /> : <Loading />;
}

const ABOUT = 500;

function Profile({ user }: { user: User }) {
  const t = useText();
  const task = useTask();
  const zones = useMemo(() => timeZones(), []);
  const here = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { value, changed, change, drop } = useHeld(`profile ${user.id}`, {
    display_name: user.display_name,
    about: user.about,
    time_zone: user.time_zone ?? null,
  });

  const save = async () => {
    if (!(await task.run(() => actions.updateProfile(value)))) return;
    drop();
    toast(t('common.saved'));
  };

  return (
    <>
      <PictureField
        face={<Avatar id={user.id} name={value.display_name} src={user.avatar} size="l" />}
        has={Boolean(user.avatar)}
        onPick={async (picture) => {
          const desk = await actions.files();
          const { id } = await desk.send(picture, 'picture.png', 'avatar');
          await actions.updateProfile({ avatar: id });
        }}
        onRemove={() => actions.updateProfile({ avatar: null })}
      />
      <SettingRow title={<bdi>{value.display_name}</bdi>} text={<bdi dir="ltr">@{user.username}</bdi>}>
        <Button onClick={() => openOverlay({ kind: 'profile', userId: user.id })}>{t('settings.asOthersSee')}</Button>
      </SettingRow>
      <Section title={t('settings.status')}>
        <SettingRow title={presentStatus(user.status) ? <StatusLine status={user.status} /> : t('settings.noStatus')}>
          <Button onClick={() => openOverlay({ kind: 'status' })}>{t('settings.changeStatus')}</Button>
        </SettingRow>
      </Section>
      <Section title={t('settings.aboutYou')}>
        <Form onSubmit={() => void save()}>
          <Field
            label={t('settings.displayName')}
            hint={t('settings.displayNameHint')}
            value={value.display_name}
            maxLength={80}
            required
            dir="auto"
            autoComplete="name"
            error={task.errorOf('display_name')}
            onChange={(event) => change({ display_name: event.target.value })}
          />
          <TextArea
            label={t('settings.aboutText')}
            hint={t('settings.charactersLeft', { count: ABOUT - Array.from(value.about).length })}
            value={value.about}
            maxLength={ABOUT}
            rows={4}
            dir="auto"
            error={task.errorOf('about')}
            onChange={(event) => change({ about: event.target.value })}
          />
          <SearchSelect
            label={t('settings.timeZone')}
            hint={t('settings.timeZoneHint', { zone: here })}
            placeholder={t('settings.noTimeZone')}
            options={zones}
            value={value.time_zone}
            onChange={(time_zone) => change({ time_zone })}
          />
          {task.errorBeside('display_name', 'about') && (
            <Notice kind="problem">{task.errorBeside('display_name', 'about')}</Notice>
          )}
          {changed && <Notice>{t('settings.unsaved')}</Notice>}
          <Actions>
            <Button type="submit" kind="primary" busy={task.busy} disabled={!changed}>
              {t('common.save')}
            </Button>
            {changed && (
              <Button kind="quiet" disabled={task.busy} onClick={drop}>
                {t('settings.discard')}
              </Button>
            )}
          </Actions>
        </Form>
      </Section>
    </>
  );
}
