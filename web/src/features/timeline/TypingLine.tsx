// Who is writing at the moment. The line keeps its height when nobody is, so that nothing moves.

import { useText } from '@/lib/text';
import { useTyping, useUser } from '@/sync';
import styles from './Timeline.module.css';

export function TypingLine({ conversationId }: { conversationId: string }) {
  const typing = useTyping(conversationId);
  return (
    <div className={styles.typing} aria-live="off">
      {typing.length > 0 && (
        <>
          <span className={styles.dots} aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <Typists first={typing[0] ?? ''} second={typing[1] ?? typing[0] ?? ''} count={typing.length} />
        </>
      )}
    </div>
  );
}

function Typists({ first, second, count }: { first: string; second: string; count: number }) {
  const t = useText();
  const name = useUser(first)?.display_name ?? t('common.unknownUser');
  const other = useUser(second)?.display_name ?? t('common.unknownUser');
  const text =
    count === 1
      ? t('timeline.typing', { name })
      : count === 2
        ? t('timeline.typingTwo', { name, other })
        : t('timeline.typingMany', { name, count: count - 1 });
  return <span className={styles.names}>{text}</span>;
}
