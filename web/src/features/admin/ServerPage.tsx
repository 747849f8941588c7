// The server's name, who may make an account, and the keys that sign access tokens. Only the owner changes the first two.

import { useEffect, useState } from 'react';
import { errorText } from '@/lib/error';
import { useHeld } from '@/lib/held';
import { useTask } from '@/lib/task';
import { useText, type TextKey } from '@/lib/text';
import type { Registration, ServerRole, ServerSettings } from '@/protocol.gen';
import { Button, confirm, Field, Loading, toast } from '@/ui';
import { attempt } from '@/ui/attempt';
import { Segments } from '@/ui/Choice';
import { Form } from '@/ui/Form';
import { Actions, Notice, Section } from '@/ui/Section';
import { api } from '@/sync';

const registrationText: Record<Registration, { label: TextKey; hint: TextKey }> = {
  open: { label: 'admin.open', hint: 'admin.openHint' },
  invitation: { label: 'admin.invitation', hint: 'admin.invitationHint' },
  closed: { label: 'admin.closed', hint: 'admin.closedHint' },
};
const registrations: readonly Registration[] = ['open', 'invitation', 'closed'];

export function ServerPage({ role }: { role: ServerRole }) {
  const t = useText();
  const [settings, setSettings] = useState<ServerSettings | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const mayChange = role === 'owner';

  useEffect(() => {
    const asking = new AbortController();
    api.get<ServerSettings>('/admin/settings', undefined, asking.signal).then(setSettings, (refusal: unknown) => {
      if (!asking.signal.aborted) setProblem(refusal);
    });
    return () => asking.abort();
  }, []);

  if (problem !== null) return <Notice kind="problem">{errorText(problem)}</Notice>;
  if (!settings) return <Loading />;
  const registration = settings.registration ?? 'closed';

  const register = async (next: Registration) => {
    // Shown at once, and taken back when it is refused.
    setSettings({ ...settings, registration: next });
    const saved = await attempt(api.put('/admin/settings', { registration: next }), t('common.saved'));
    if (!saved) setSettings(settings);
  };
  const rotate = async () => {
    const sure = await confirm({
      title: t('admin.rotateTitle'),
      text: t('admin.rotateText'),
      action: t('admin.rotate'),
    });
    if (sure) await attempt(api.post('/admin/keys/rotate'), t('admin.rotated'));
  };

  return (
    <>
      {!mayChange && <Notice>{t('admin.ownerOnly')}</Notice>}
      <Section title={t('admin.name')} text={t('admin.nameText')}>
        <NameForm name={settings.name ?? ''} mayChange={mayChange} onSaved={setSettings} />
      </Section>
      <Section title={t('admin.registration')}>
        <Segments
          label={t('admin.registration')}
          hideLabel
          value={registration}
          disabled={!mayChange}
          onChange={(next) => void register(next)}
          options={registrations.map((value) => ({ value, label: t(registrationText[value].label) }))}
        />
        <Notice>{t(registrationText[registration].hint)}</Notice>
      </Section>
      <Section title={t('admin.keys')} text={t('admin.keysText')}>
        <Actions>
          <Button onClick={() => void rotate()}>{t('admin.rotate')}</Button>
        </Actions>
      </Section>
    </>
  );
}

interface NameFormProps {
  name: string;
  mayChange: boolean;
  onSaved: (settings: ServerSettings) => void;
}

function NameForm({ name, mayChange, onSaved }: NameFormProps) {
  const t = useText();
  const task = useTask();
  const { value, changed, change, drop } = useHeld('server', { name });
  const save = async () => {
    const done = await task.run(async () => {
      onSaved(await api.put<ServerSettings>('/admin/settings', { name: value.name.trim() }));
    });
    if (!done) return;
    drop();
    toast(t('common.saved'));
  };
  return (
    <Form onSubmit={() => void save()}>
      <Field
        label={t('admin.name')}
        value={value.name}
        maxLength={100}
        disabled={!mayChange}
        dir="auto"
        error={task.errorOf('name')}
        onChange={(event) => change({ name: event.target.value })}
      />
      {task.errorBeside('name') && <Notice kind="problem">{task.errorBeside('name')}</Notice>}
      {mayChange && (
        <Actions>
          <Button type="submit" kind="primary" busy={task.busy} disabled={!changed || value.name.trim() === ''}>
            {t('common.save')}
          </Button>
          {changed && (
            <Button kind="quiet" onClick={drop}>
              {t('settings.discard')}
            </Button>
          )}
        </Actions>
      )}
    </Form>
  );
}
