// The devices that take notifications: how much each is told, a test, and removing it.

import { Monitor, Smartphone } from 'lucide-react';
import { useEffect, useState } from 'react';
import { errorText } from '@/lib/error';
import { usePages } from '@/lib/pages';
import { useText } from '@/lib/text';
import { full, relative } from '@/lib/time';
import type { Notify, NotifyLevel, Page, PushDevice, PushTested } from '@/protocol.gen';
import { Button, Loading, toast } from '@/ui';
import { attempt } from '@/ui/attempt';
import { Select } from '@/ui/Choice';
import { Actions, Notice, Rows, Section, SettingRow } from '@/ui/Section';
import { api } from '@/sync';
import { onDevices } from './devices';
import { levels } from './levels';
import { ownEndpoint } from './push';

function load(cursor: string | undefined, signal: AbortSignal): Promise<Page<PushDevice>> {
  return api.get('/me/devices', { cursor }, signal);
}

const outcomes = { sent: 'notify.tested', gone: 'notify.testGone', failed: 'notify.testFailed' } as const;

export function PushDevices() {
  const t = useText();
  const { items, problem, change, reload } = usePages(load);
  const [own, setOwn] = useState<string | null>(null);

  useEffect(() => {
    const look = () => {
      void ownEndpoint().then(setOwn, () => setOwn(null));
    };
    look();
    return onDevices(() => {
      look();
      reload();
    });
  }, [reload]);

  const test = async (device: PushDevice) => {
    await attempt(
      api.post<PushTested>(`/me/devices/${device.id}/test`).then(({ outcome }) => {
        toast(t(outcomes[outcome]), outcome === 'sent' ? {} : { kind: 'problem' });
        if (outcome === 'gone') change((all) => all.filter(({ id }) => id !== device.id));
      }),
    );
  };
  const remove = async (device: PushDevice) => {
    if (!(await attempt(api.delete(`/me/devices/${device.id}`), t('notify.removed')))) return;
    change((all) => all.filter(({ id }) => id !== device.id));
  };
  const setLevel = async (device: PushDevice, chosen: NotifyLevel | null) => {
    const put = (level: NotifyLevel | null) =>
      change((all) => all.map((other) => (other.id === device.id ? { ...other, level } : other)));
    put(chosen);
    if (!(await attempt(api.put(`/me/devices/${device.id}`, { level: chosen })))) put(device.level);
  };

  return (
    <Section title={t('notify.devices')} text={t('notify.devicesText')}>
      {items === null && problem === null && <Loading />}
      {items === null && problem !== null && (
        <Notice kind="problem">
          {errorText(problem)}
          <Actions>
            <Button small onClick={reload}>
              {t('common.retry')}
            </Button>
          </Actions>
        </Notice>
      )}
      {items?.length === 0 && <Notice>{t('notify.noDevices')}</Notice>}
      {items && items.length > 0 && (
        <Rows>
          {items.map((device) => (
            <Device
              key={device.id}
              device={device}
              here={device.endpoint !== undefined && device.endpoint === own}
              onTest={() => void test(device)}
              onRemove={() => void remove(device)}
              onLevel={(level) => void setLevel(device, level)}
            />
          ))}
        </Rows>
      )}
    </Section>
  );
}

interface DeviceProps {
  device: PushDevice;
  here: boolean;
  onTest: () => void;
  onRemove: () => void;
  onLevel: (level: NotifyLevel | null) => void;
}

function Device({ device, here, onTest, onRemove, onLevel }: DeviceProps) {
  const t = useText();
  const { kind, name, level, last_used_at: used, created_at } = device;
  const Icon = kind === 'web' ? Monitor : Smartphone;
  return (
    <SettingRow
      icon={<Icon size="1.2em" />}
      title={<bdi>{name || t('notify.unnamed')}</bdi>}
      text={
        <span title={full(created_at)}>
          {here && `${t('notify.thisOne')} · `}
          {used ? t('notify.lastUsed', { when: relative(used) }) : t('notify.neverUsed')}
        </span>
      }
    >
      <Select<Notify>
        label={t('notify.here')}
        hideLabel
        value={level ?? 'default'}
        onChange={(value) => onLevel(value === 'default' ? null : value)}
        options={[
          { value: 'default', label: t('notify.asSettings') },
          ...levels.map((option) => ({ value: option.value, label: t(option.label) })),
        ]}
      />
      <Button small onClick={onTest}>
        {t('notify.test')}
      </Button>
      <Button small onClick={onRemove}>
        {t('common.remove')}
      </Button>
    </SettingRow>
  );
}
