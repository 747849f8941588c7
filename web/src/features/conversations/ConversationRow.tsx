// One conversation in the list: whose it is, what was said last, and what waits to be seen.

import { BellOff, Hash, NotebookPen, Pencil, Users } from 'lucide-react';
import { memo, useRef, type DragEvent, type MouseEvent, type TouchEvent } from 'react';
import { Link } from 'wouter';
import { cx } from '@/lib/cx';
import { isNotes, nameOf } from '@/lib/entry';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import { brief } from '@/lib/time';
import { usePresence, type ConversationEntry } from '@/sync';
import { Avatar, Badge } from '@/ui';
import type { MenuPlace } from '@/ui/MenuAt';
import { Preview } from './Preview';
import { isMuted } from './sections';
import styles from './Row.module.css';

/** What is dragged between sections. */
export const dragType = 'application/x-laserchat-conversation';
const LONG_PRESS = 500;

interface RowProps {
  entry: ConversationEntry;
  current: boolean;
  draft: boolean;
  /** Whether the Tab key stops here. */
  stop: boolean;
  compact: boolean;
  onMenu: (entry: ConversationEntry, place: MenuPlace) => void;
  /** The id while it is dragged, and null afterwards. */
  onDrag: (id: string | null) => void;
}

export const ConversationRow = memo(function ConversationRow(props: RowProps) {
  const { entry, current, draft, stop, compact, onMenu, onDrag } = props;
  const t = useText();
  const { conversation, lastMessage } = entry;
  const muted = isMuted(entry);
  const begun = useRef(0);
  const press = useLongPress((place) => onMenu(entry, place));

  const menu = (event: MouseEvent<HTMLElement>) => {
    event.preventDefault();
    // The menu key has no place of its own.
    const byKey = event.clientX === 0 && event.clientY === 0;
    onMenu(entry, byKey ? event.currentTarget : { x: event.clientX, y: event.clientY });
  };
  const drag = (event: DragEvent<HTMLElement>) => {
    event.dataTransfer.setData(dragType, conversation.id);
    event.dataTransfer.effectAllowed = 'move';
    // A browser ends a drag at once if the page changes below the pointer while it begins.
    begun.current = window.setTimeout(() => onDrag(conversation.id));
  };
  const dragged = () => {
    clearTimeout(begun.current);
    onDrag(null);
  };

  return (
    <Link
      href={paths.conversation(conversation.id)}
      className={cx(styles.row, compact && styles.compact, entry.unread > 0 && !muted && styles.unread)}
      aria-current={current ? 'page' : undefined}
      tabIndex={stop ? 0 : -1}
      data-row={conversation.id}
      draggable
      onContextMenu={menu}
      onDragStart={drag}
      onDragEnd={dragged}
      {...press}
    >
      <Face entry={entry} small={compact} />
      <span className={styles.words}>
        <span className={styles.line}>
          <span className={styles.name}>
            <bdi>{nameOf(entry, t)}</bdi>
          </span>
          {muted && <BellOff className={styles.mark} size="0.875em" aria-label={t('conversations.muted')} />}
          {!compact && lastMessage && <time className={styles.time}>{brief(lastMessage.created_at)}</time>}
        </span>
        {!compact && (
          <span className={styles.line}>
            <Preview entry={entry} draft={draft && !current} />
            <Marks entry={entry} muted={muted} />
          </span>
        )}
      </span>
      {compact && draft && <Pencil className={styles.mark} size="0.875em" aria-label={t('conversations.draft')} />}
      {compact && <Marks entry={entry} muted={muted} />}
    </Link>
  );
});

function Marks({ entry, muted }: { entry: ConversationEntry; muted: boolean }) {
  const t = useText();
  const { unread, mentions } = entry;
  // What is written to nobody else is always meant for oneself.
  const called = entry.conversation.type === 'direct' && !muted ? unread : mentions;
  if (called > 0) {
    const label =
      mentions > 0 ? t('conversations.mentions', { count: mentions }) : t('conversations.unread', { count: unread });
    return <Badge count={called} kind="attention" label={label} />;
  }
  return (
    <Badge count={unread} kind={muted ? 'muted' : 'normal'} label={t('conversations.unread', { count: unread })} />
  );
}

export function Face({ entry, small }: { entry: ConversationEntry; small?: boolean }) {
  const t = useText();
  const { conversation, peer } = entry;
  const size = small ? 's' : 'm';
  if (conversation.type === 'direct') {
    if (peer && !isNotes(entry))
      return <PersonFace userId={peer.id} name={peer.display_name} src={peer.avatar} size={size} />;
    return (
      <Avatar id={conversation.id} name="" size={size}>
        <NotebookPen size="1.1em" />
      </Avatar>
    );
  }
  const Icon = conversation.type === 'channel' ? Hash : Users;
  return (
    <Avatar id={conversation.id} name={nameOf(entry, t)} src={conversation.avatar} size={size}>
      <Icon size="1.1em" />
    </Avatar>
  );
}

interface PersonFaceProps {
  userId: string;
  name: string;
  src?: string | null | undefined;
  size: 's' | 'm';
}

function PersonFace({ userId, name, src, size }: PersonFaceProps) {
  const presence = usePresence(userId);
  return <Avatar id={userId} name={name} src={src} size={size} presence={presence?.status} />;
}

/** Where a long press does not open the context menu by itself. */
function useLongPress(act: (place: MenuPlace) => void) {
  const timer = useRef(0);
  const fired = useRef(false);
  const stop = () => clearTimeout(timer.current);
  return {
    onTouchStart: (event: TouchEvent) => {
      const touch = event.touches[0];
      fired.current = false;
      stop();
      if (!touch || event.touches.length > 1) return;
      const place = { x: touch.clientX, y: touch.clientY };
      timer.current = window.setTimeout(() => {
        fired.current = true;
        act(place);
      }, LONG_PRESS);
    },
    onTouchMove: stop,
    onTouchCancel: stop,
    onTouchEnd: stop,
    onClickCapture: (event: MouseEvent) => {
      // The finger that is lifted after a long press does not open the conversation as well.
      if (!fired.current) return;
      fired.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
