// The newest pinned message, in one line below the header; it leads to all of them.

import { Pin } from 'lucide-react';
import { Link } from 'wouter';
import { openOverlay } from '@/lib/overlay';
import { saidIn } from '@/lib/naming';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import { usePins } from '@/sync';
import { plainText } from '@/ui/markdown';
import styles from './PinBar.module.css';

export function PinBar({ conversationId }: { conversationId: string }) {
  const t = useText();
  const { messages } = usePins(conversationId);
  const newest = messages.toSorted((a, b) => (a.pinned_at ?? '').localeCompare(b.pinned_at ?? '')).at(-1);
  if (!newest) return null;
  return (
    <div className={styles.bar}>
      <Link href={paths.conversation(conversationId, newest.seq)} className={styles.pin}>
        <Pin size="1em" aria-hidden="true" />
        <span className={styles.text} dir="auto">
          {plainText(saidIn(newest))}
        </span>
      </Link>
      {messages.length > 1 && (
        <button
          type="button"
          className={styles.all}
          title={t('timeline.allPins')}
          onClick={() => openOverlay({ kind: 'details', conversationId, tab: 'pins' })}
        >
          {t('timeline.pins', { count: messages.length })}
        </button>
      )}
    </div>
  );
}
