// One message: who, when, what, and what became of it. What other features add (reactions, replies) comes in slots, so
// that this one need not know them.

import { Suspense, useState, type KeyboardEvent, type ReactNode } from 'react';
import { late } from '@/lib/late';
import { cx } from '@/lib/cx';
import { openOverlay } from '@/lib/overlay';
import { useText } from '@/lib/text';
import type { Message } from '@/protocol.gen';
import { useUser } from '@/sync';
import { Avatar } from '@/ui';
import { saidIn } from '@/lib/naming';
import { commandsFor, isOwn, isReactable, type CommandId } from './commands';
import { Content } from './Content';
import { Delivery } from './Delivery';
import { Byline, PinMark, Stamp } from './Byline';
import { useGestures } from './gestures';
import { useScene } from './scene';
import { SystemLine } from './SystemLine';
import styles from './Message.module.css';

const Toolbar = late(() => import('./Toolbar'));
const Sheet = late(() => import('./Sheet'));

/** Draws a few emoji to react with at once, and the picker for the others. */
export type QuickReactions = (picker: { open: boolean; onOpenChange: (open: boolean) => void }) => ReactNode;

export interface MessageRowProps {
  message: Message;
  grouped: boolean;
  /** One was led here: it stands out for a moment. */
  highlighted?: boolean;
  /** The newest of one's own: it shows the faces of those who have read it. */
  newestOwn?: boolean;
  /** Stands in the place of the text, such as a poll. */
  instead?: ReactNode;
  /** Follows the text, such as what it links to. */
  below?: ReactNode;
  files?: ReactNode;
  reactions?: ReactNode;
  replies?: ReactNode;
  quick: QuickReactions;
}

export function MessageRow(props: MessageRowProps) {
  return props.message.type === 'system' ? <SystemLine message={props.message} /> : <TextRow {...props} />;
}

const keyCommands: Readonly<Record<string, CommandId>> = {
  e: 'edit',
  r: 'reply',
  q: 'quote',
  p: 'pin',
  Delete: 'delete',
  Backspace: 'delete',
};

function TextRow({ message, grouped, highlighted, newestOwn, instead, below, files, ...slots }: MessageRowProps) {
  const { reactions, replies, quick } = slots;
  const t = useText();
  const scene = useScene();
  const sender = useUser(message.sender_id);
  const [near, setNear] = useState(false);
  const [busy, setBusy] = useState(false);
  const [sheet, setSheet] = useState(false);
  const [picking, setPicking] = useState(false);
  const gestures = useGestures({ message, scene, onHold: () => setSheet(true) });
  const own = isOwn(message, scene);
  const name = sender?.display_name ?? t('common.unknownUser');
  const quickReactions = isReactable(message, scene) ? quick : null;

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    // Keys typed into something within the row belong to that.
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+' && quickReactions) setPicking(true);
    else if (event.key === 'Enter' || event.key === 'ContextMenu') setSheet(true);
    else {
      const command = commandsFor(message, scene).find(({ id }) => id === keyCommands[event.key]);
      if (!command) return;
      command.run();
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    // The row is a stop of the list's arrow keys, and its keys are shortcuts for what the menu offers.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <article
      data-message={message.seq}
      tabIndex={-1}
      aria-label={t('message.label', {
        name,
        text: message.deleted_at ? t('message.deleted') : saidIn(message).slice(0, 200),
      })}
      className={cx(
        styles.message,
        own && styles.own,
        !grouped && styles.leader,
        highlighted && styles.highlighted,
        (busy || picking) && styles.busy,
      )}
      onKeyDown={onKeyDown}
      onPointerEnter={(event) => setNear(event.pointerType === 'mouse')}
      onPointerLeave={() => setNear(false)}
      onFocus={() => setNear(true)}
      onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setNear(false)}
      {...gestures}
    >
      <div className={styles.gutter}>
        {grouped ? (
          <>
            <Stamp time={message.created_at} />
            {message.pinned_at && <PinMark />}
          </>
        ) : (
          <button
            type="button"
            tabIndex={-1}
            className={styles.face}
            title={t('message.profileOf', { name })}
            // The name beside it does the same, for those who do not point.
            aria-hidden="true"
            onClick={() => openOverlay({ kind: 'profile', userId: message.sender_id })}
          >
            <Avatar id={message.sender_id} name={name} src={sender?.avatar} />
          </button>
        )}
      </div>
      <div className={styles.main}>
        {!grouped && <Byline message={message} name={name} bot={sender?.bot === true} own={own} />}
        <Content message={message} instead={instead}>
          {files}
        </Content>
        {below}
        {reactions}
        {replies}
      </div>
      {own && !message.deleted_at && <Delivery message={message} faces={newestOwn === true} />}
      {(near || busy || picking) && (
        <Suspense fallback={null}>
          <Toolbar
            message={message}
            quick={quickReactions?.({ open: picking, onOpenChange: setPicking })}
            onBusy={setBusy}
          />
        </Suspense>
      )}
      {sheet && (
        <Suspense fallback={null}>
          <Sheet message={message} name={name} quick={quickReactions} onClose={() => setSheet(false)} />
        </Suspense>
      )}
    </article>
  );
}
