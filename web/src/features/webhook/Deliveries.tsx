// What was sent to an address, what it answered, and sending it again.

import { RefreshCw } from 'lucide-react';
import { useCallback } from 'react';
import { cx } from '@/lib/cx';
import { usePages } from '@/lib/pages';
import { useText } from '@/lib/text';
import { brief, full, relative } from '@/lib/time';
import type { Delivery, Page } from '@/protocol.gen';
import { api } from '@/sync';
import { IconButton } from '@/ui';
import { attempt } from '@/ui/attempt';
import { Endless } from '@/ui/Endless';
import { Notice, SettingRow } from '@/ui/Section';
import styles from './Webhooks.module.css';

export function Deliveries({ webhookId }: { webhookId: string }) {
  const t = useText();
  const path = `/webhooks/${webhookId}/deliveries`;
  const load = useCallback(
    (cursor: string | undefined, signal: AbortSignal): Promise<Page<Delivery>> => api.get(path, { cursor }, signal),
    [path],
  );
  const pages = usePages(load);
  const replay = async ({ id }: Delivery) => {
    const next = api.post<Delivery>(`${path}/${id}/replay`).then((again) => {
      pages.change((all) => [again, ...all.filter((one) => one.id !== again.id)]);
    });
    await attempt(next, t('webhook.replayed'));
  };
  return (
    <div className={styles.deliveries}>
      <Endless
        pages={pages}
        label={t('webhook.deliveries')}
        keyOf={({ id }) => id}
        empty={<Notice>{t('webhook.noDeliveries')}</Notice>}
      >
        {(delivery) => <Line delivery={delivery} onReplay={() => void replay(delivery)} />}
      </Endless>
    </div>
  );
}

function Line({ delivery, onReplay }: { delivery: Delivery; onReplay: () => void }) {
  const t = useText();
  const { event, state, created_at, attempts, next_at, answers } = delivery;
  const last = answers.at(-1);
  const answer = last ? (last.status ? String(last.status) : last.error) : null;
  return (
    <SettingRow
      title={
        <>
          <code dir="ltr">{event}</code>{' '}
          <span className={cx(styles.status, state !== 'pending' && styles[state])}>{t(`webhook.${state}`)}</span>
        </>
      }
      text={
        <span title={[full(created_at), last?.body].filter(Boolean).join('\n')}>
          {[
            brief(created_at),
            t('webhook.attempts', { count: attempts }),
            answer,
            state === 'pending' && next_at && attempts > 0 && t('webhook.nextAt', { when: relative(next_at) }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      }
    >
      <IconButton label={t('webhook.replay')} onClick={onReplay}>
        <RefreshCw size="1.1em" />
      </IconButton>
    </SettingRow>
  );
}
