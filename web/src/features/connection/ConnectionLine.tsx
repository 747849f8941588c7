// One calm line when something is to be said about the connection, and nothing when all is well.

import { CloudOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useText } from '@/lib/text';
import { relative } from '@/lib/time';
import { useConnection, type Connection } from '@/sync';
import { Button, Live, Spinner } from '@/ui';
import styles from './ConnectionLine.module.css';

/** Connecting is said only when it takes longer than this; most of the time it does not. */
const PATIENCE = 2000;

export type Say = 'nothing' | 'connecting' | 'syncing' | 'offline' | 'unreachable';

/** `navigator.onLine` is believed when it says no; a yes says nothing. */
export function whatToSay(connection: Connection, now: number, online: boolean): Say {
  if (connection.phase === 'live') return 'nothing';
  if (!online) return 'offline';
  if (now - connection.since < PATIENCE) return 'nothing';
  if (connection.phase === 'offline') return 'unreachable';
  return connection.phase;
}

function useNow(running: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}

export function ConnectionLine() {
  const t = useText();
  const connection = useConnection();
  const now = useNow(connection.phase !== 'live');
  const say = whatToSay(connection, now, navigator.onLine);
  const down = say === 'offline' || say === 'unreachable';
  const wait = connection.retryAt ? Math.ceil((connection.retryAt - now) / 1000) : 0;
  return (
    <>
      {/* Counting seconds aloud would be the opposite of calm. */}
      <Live>{say === 'nothing' ? '' : t(`connection.${say}`)}</Live>
      {say !== 'nothing' && (
        <div className={styles.line}>
          {down ? <CloudOff size="1em" aria-hidden="true" /> : <Spinner />}
          <span>{t(`connection.${say}`)}</span>
          {down && wait > 1 && (
            <span className={styles.wait}>{t('connection.retryIn', { when: relative(now + wait * 1000, now) })}</span>
          )}
          {say === 'unreachable' && (
            <Button kind="quiet" small onClick={() => window.dispatchEvent(new Event('online'))}>
              {t('connection.tryNow')}
            </Button>
          )}
        </div>
      )}
    </>
  );
}
