// What runs here, under which licence, and where its source is.

import { useEffect, useState } from 'react';
import { errorText } from '@/lib/error';
import { useText } from '@/lib/text';
import type { ServerInfo } from '@/protocol.gen';
import { Loading } from '@/ui';
import { Notice, Rows, SettingRow } from '@/ui/Section';
import { api } from '@/sync';

export function AboutPage() {
  const t = useText();
  const [info, setInfo] = useState<ServerInfo | null>(null);
  const [problem, setProblem] = useState<unknown>(null);

  useEffect(() => {
    const asking = new AbortController();
    api.get<ServerInfo>('/server', undefined, asking.signal).then(setInfo, (refusal: unknown) => {
      if (!asking.signal.aborted) setProblem(refusal);
    });
    return () => asking.abort();
  }, []);

  if (problem !== null) return <Notice kind="problem">{errorText(problem)}</Notice>;
  if (!info) return <Loading />;
  return (
    <>
      <Rows>
        <SettingRow title={t('settings.server')}>
          <bdi>{info.name}</bdi>
        </SettingRow>
        <SettingRow title={t('settings.version')}>
          <bdi dir="ltr">LaserChat {info.version}</bdi>
        </SettingRow>
        <SettingRow title={t('settings.licence')} text={t('settings.licenceText')}>
          <bdi dir="ltr">AGPL-3.0-or-later</bdi>
        </SettingRow>
        <SettingRow title={t('settings.programs')} text={t('settings.programsText')}>
          <a href="/api/docs" target="_blank" rel="noreferrer">
            {t('settings.apiDocs')}
          </a>
        </SettingRow>
      </Rows>
      <Notice>{t('settings.sourceText')}</Notice>
    </>
  );
}
