// Where one is signed in, and signing out from afar.

import { Bot, Monitor, Globe, Smartphone, Tv } from 'lucide-react';
import type { ReactNode } from 'react';
import { errorText } from '@/lib/error';
import { usePages } from '@/lib/pages';
import { useTask } from '@/lib/task';
import { useText } from '@/lib/text';
import { full, relative } from '@/lib/time';
import type { DeviceKind, Page, Session } from '@/protocol.gen';
import { Button, confirm, Loading, toast } from '@/ui';
import { Actions, Notice, Rows, Section, SettingRow } from '@/ui/Section';
import { api } from '@/sync';

const icons: Record<DeviceKind, typeof Bot> = {
  web: Globe,
  mobile: Smartphone,
  smart_tv: Tv,
  desktop: Monitor,
  bot: Bot,
};

function load(cursor: string | undefined, signal: AbortSignal): Promise<Page<Session>> {
  return api.get('/me/sessions', { cursor }, signal);
}

export function SessionsPage() {
  const t = useText();
  const task = useTask();
  const { items, problem, change, more, reload } = usePages(load);
  const others = items?.filter((session) => !session.current) ?? [];
  const current = items?.find((session) => session.current);

  const end = async (session: Session) => {
    if (!(await task.run(() => api.delete(`/me/sessions/${session.id}`)))) return;
    change((all) => all.filter((other) => other.id !== session.id));
    toast(t('settings.sessionEnded'));
  };
  const endOthers = async () => {
    const sure = await confirm({
      title: t('settings.endOthersTitle'),
      text: t('settings.endOthersText'),
      action: t('settings.endOthers'),
      danger: true,
    });
    if (!sure || !(await task.run(() => api.delete('/me/sessions')))) return;
    change((all) => all.filter((session) => session.current));
    toast(t('settings.othersEnded'));
  };

  if (items === null) {
    if (problem === null) return <Loading />;
    return (
      <Notice kind="problem">
        {errorText(problem)}
        <Actions>
          <Button small onClick={reload}>
            {t('common.retry')}
          </Button>
        </Actions>
      </Notice>
    );
  }
  return (
    <>
      {task.errorBeside() && <Notice kind="problem">{task.errorBeside()}</Notice>}
      {current && (
        <Section title={t('settings.thisSession')}>
          <Device session={current} />
        </Section>
      )}
      <Section title={t('settings.otherSessions')} text={t('settings.otherSessionsText')}>
        {others.length === 0 ? (
          <Notice>{t('settings.noOtherSessions')}</Notice>
        ) : (
          <>
            <Rows>
              {others.map((session) => (
                <Device key={session.id} session={session}>
                  <Button small disabled={task.busy} onClick={() => void end(session)}>
                    {t('settings.signOut')}
                  </Button>
                </Device>
              ))}
            </Rows>
            <Actions>
              {more && <Button onClick={more}>{t('common.loadMore')}</Button>}
              <Button kind="danger" disabled={task.busy} onClick={() => void endOthers()}>
                {t('settings.endOthers')}
              </Button>
            </Actions>
          </>
        )}
      </Section>
    </>
  );
}

function Device({ session, children }: { session: Session; children?: ReactNode }) {
  const t = useText();
  const Icon = icons[session.type];
  const active = session.current
    ? t('settings.activeNow')
    : t('settings.lastActive', { when: relative(session.last_active_at) });
  return (
    <SettingRow
      icon={<Icon size="1.2em" />}
      title={<bdi>{session.name || t('settings.unnamedDevice')}</bdi>}
      text={
        <span title={full(session.created_at)}>
          {active}
          {session.address && (
            <>
              {' · '}
              <bdi dir="ltr">{session.address}</bdi>
            </>
          )}
        </span>
      }
    >
      {children}
    </SettingRow>
  );
}
