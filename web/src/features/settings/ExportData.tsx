// A copy of one's own data: it is made by the server in its own time, and kept there for a while to be fetched.

import { Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { bytes } from '@/lib/bytes';
import { useTask } from '@/lib/task';
import { useText } from '@/lib/text';
import { full, relative } from '@/lib/time';
import type { Export } from '@/protocol.gen';
import { Button, Loading } from '@/ui';
import { Actions, Notice, Section, SettingRow } from '@/ui/Section';
import { api, isRefusal } from '@/sync';
import { fetchExport } from './download';

/** While it is being made it is asked after, ever more rarely. */
const ASK = [0, 1_000, 2_000, 5_000, 10_000] as const;

export function ExportData() {
  const t = useText();
  const task = useTask();
  const [made, setMade] = useState<Export | 'none' | null>(null);
  const [asked, setAsked] = useState(0);

  useEffect(() => {
    const asking = new AbortController();
    const timer = setTimeout(
      () => {
        api.get<Export>('/me/export', undefined, asking.signal).then(
          (present) => {
            setMade(present);
            setAsked((times) => times + 1);
          },
          (problem: unknown) => isRefusal(problem, 'not_found') && setMade('none'),
        );
      },
      ASK[Math.min(asked, ASK.length - 1)],
    );
    // What is finished is not asked after any more.
    if (made !== null && (made === 'none' || made.state !== 'running')) clearTimeout(timer);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [made, asked]);
  const running = made !== null && made !== 'none' && made.state === 'running';
  const make = () =>
    void task.run(async () => {
      setAsked(0);
      setMade(await api.post<Export>('/me/export'));
    });

  return (
    <Section title={t('data.export')} text={t('data.exportText')}>
      {made === null && <Loading />}
      {running && (
        <Notice>
          <span role="status">{t('data.running')}</span>
        </Notice>
      )}
      {made !== null && made !== 'none' && made.state === 'failed' && (
        <Notice kind="problem">{t('data.failed')}</Notice>
      )}
      {made !== null && made !== 'none' && made.state === 'ready' && (
        <SettingRow
          icon={<Download size="1.2em" />}
          title={t('data.ready', {
            when: relative(made.finished_at ?? made.created_at),
            size: bytes(made.bytes ?? 0),
          })}
          text={made.expires_at && t('data.until', { when: full(made.expires_at) })}
        >
          <Button kind="primary" busy={task.busy} onClick={() => void task.run(fetchExport)}>
            {t('data.download')}
          </Button>
        </SettingRow>
      )}
      {task.errorBeside() && <Notice kind="problem">{task.errorBeside()}</Notice>}
      {made !== null && !running && (
        <Actions>
          <Button busy={task.busy} onClick={make}>
            {t(made === 'none' ? 'data.make' : 'data.again')}
          </Button>
        </Actions>
      )}
    </Section>
  );
}
