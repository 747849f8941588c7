// A message of one's own that the server does not have yet: waiting, on its way, or refused.

import { CircleAlert, Clock3 } from 'lucide-react';
import type { ReactNode } from 'react';
import { errorText } from '@/lib/error';
import { useText } from '@/lib/text';
import { actions, useAccount, type Pending } from '@/sync';
import { Avatar, Button } from '@/ui';
import { cx } from '@/lib/cx';
import { Body } from './Body';
import { Stamp } from './Byline';
import styles from './Message.module.css';
import delivery from './Delivery.module.css';

interface PendingRowProps {
  pending: Pending;
  grouped: boolean;
  files?: ReactNode;
}

export function PendingRow({ pending, grouped, files }: PendingRowProps) {
  const t = useText();
  const user = useAccount()?.user;
  const name = user?.display_name ?? t('common.you');
  const failed = pending.status === 'failed';
  const time = new Date(pending.queuedAt).toISOString();
  return (
    <article
      data-message={pending.clientId}
      tabIndex={-1}
      aria-label={t('message.label', { name, text: pending.body.slice(0, 200) })}
      className={cx(styles.message, styles.own, styles.pending, !grouped && styles.leader)}
    >
      <div className={styles.gutter}>
        {grouped ? <Stamp time={time} /> : <Avatar id={user?.id ?? ''} name={name} src={user?.avatar} />}
      </div>
      <div className={styles.main}>
        {!grouped && (
          <div className={styles.byline}>
            <span className={styles.name}>
              <bdi>{name}</bdi>
            </span>
            <span className={styles.mark}>{t('common.you')}</span>
            <Stamp time={time} />
          </div>
        )}
        {pending.body !== '' && <Body text={pending.body} />}
        {files}
        {failed && (
          <div className={styles.failed} role="alert">
            <CircleAlert size="1em" aria-hidden="true" />
            <span>{pending.problem ? errorText(pending.problem) : t('message.failed')}</span>
            <Button small onClick={() => actions.retry(pending.clientId)}>
              {t('common.retry')}
            </Button>
            <Button small kind="quiet" onClick={() => actions.discard(pending.clientId)}>
              {t('message.discard')}
            </Button>
          </div>
        )}
      </div>
      {!failed && (
        <span className={delivery.clock} role="img" aria-label={t('message.queued')} title={t('message.queued')}>
          <Clock3 size="0.875em" aria-hidden="true" />
        </span>
      )}
    </article>
  );
}
