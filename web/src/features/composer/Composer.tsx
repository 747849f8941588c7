// Where messages are written. It shows an editor, or says why there is none.

import { useState } from 'react';
import { composerKey, useComposing } from '@/lib/composing';
import { useAccount, useContacts, useConversation } from '@/sync';
import { barrier, slowUntil } from './barred';
import { Barred } from './Barred';
import styles from './Composer.module.css';
import { Editor } from './Editor';
import { useSecondsUntil } from './useNow';
import { noteSent, sentAt } from './sent';

export interface ComposerProps {
  conversationId: string;
  /** Writes replies in this message's thread. */
  parentId?: string | null;
  /** The accessible name, such as "Message to #general". */
  label: string;
  /** What is in the empty field; the label if nothing is given. */
  placeholder?: string;
  /** The arrow up was pressed in an empty composer. */
  onEditLast?: () => void;
  /** Whoever composes the page knows a reason why nobody can write here. */
  disabledReason?: string | undefined;
  autoFocus?: boolean;
}

export function Composer({ disabledReason, ...props }: ComposerProps) {
  const { conversationId, parentId } = props;
  const entry = useConversation(conversationId);
  const contacts = useContacts();
  const me = useAccount()?.user.id;
  const key = composerKey(conversationId, parentId);
  const composing = useComposing(key);
  const muted = useSecondsUntil(Date.parse(entry?.membership.muted_until ?? '') || 0) > 0;
  const [sent, setSent] = useState(() => sentAt(conversationId));
  const slow = useSecondsUntil(entry && me ? slowUntil(entry, me, sent) : 0);
  if (!entry || !me) return <div className={styles.absent} />;
  const barred = disabledReason ? ({ why: 'disabled' } as const) : barrier(entry, contacts, muted);
  // Another place, or another message that is edited, is another text with an undo of its own.
  const edited = composing?.mode === 'edit' ? composing.message.id : '';
  return (
    <div className={styles.composer}>
      {barred ? (
        <Barred barrier={barred} reason={disabledReason} />
      ) : (
        <Editor
          {...props}
          key={`${key} ${edited}`}
          me={me}
          composing={composing}
          wait={edited ? 0 : slow}
          onSent={() => setSent(noteSent(conversationId))}
        />
      )}
    </div>
  );
}
