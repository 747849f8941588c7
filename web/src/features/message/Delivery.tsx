// How far one's own message has got: one tick when the server has it, two when everybody's device has it, two in the
// accent when everybody has read it. In groups the newest one shows the faces of those who have read it.

import { Check, CheckCheck } from 'lucide-react';
import { Suspense, useState } from 'react';
import { late } from '@/lib/late';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/text';
import type { Message } from '@/protocol.gen';
import { useReceipts, useUser } from '@/sync';
import { Avatar } from '@/ui';
import { receiptOf, type Receipt } from './receipts';
import { useScene } from './scene';
import styles from './Delivery.module.css';

const Readers = late(() => import('./Readers'));

const words = { sent: 'message.sent', delivered: 'message.delivered', read: 'message.read' } as const;

/** So many faces, and the others as a number. */
const FACES = 3;

export function Delivery({ message, faces }: { message: Message; faces: boolean }) {
  const t = useText();
  const { kind, conversationId } = useScene();
  const receipt = receiptOf(message.seq, useReceipts(conversationId));
  const [open, setOpen] = useState(false);
  const { state, readers } = receipt;
  const seen = readers.length > 0 && kind !== 'direct';
  const label = seen ? t('message.readBy', { count: readers.length }) : t(words[state]);
  const button = (
    <button
      type="button"
      tabIndex={-1}
      className={cx(styles.delivery, state === 'read' && styles.read)}
      aria-label={label}
      title={label}
      onClick={() => setOpen(true)}
    >
      {seen && faces ? (
        <Faces readers={readers} />
      ) : state === 'sent' ? (
        <Check size="1em" aria-hidden="true" />
      ) : (
        <CheckCheck size="1em" aria-hidden="true" />
      )}
    </button>
  );
  if (!open) return button;
  return (
    <Suspense fallback={button}>
      <Readers receipt={receipt} trigger={button} onClose={() => setOpen(false)} />
    </Suspense>
  );
}

function Faces({ readers }: { readers: Receipt['readers'] }) {
  const more = readers.length - FACES;
  return (
    <span className={styles.faces}>
      {readers.slice(0, FACES).map((userId) => (
        <Face key={userId} userId={userId} />
      ))}
      {more > 0 && <span className={styles.more}>+{more}</span>}
    </span>
  );
}

function Face({ userId }: { userId: string }) {
  const user = useUser(userId);
  return <Avatar id={userId} name={user?.display_name ?? ''} src={user?.avatar} size="s" />;
}
