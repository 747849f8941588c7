// Desktop notifications of new messages, while no tab of ours is looked at. One tab shows them for all: the one that holds
// a lock. Which tabs are looked at is a lock too, which every visible tab shares, so that nothing has to be remembered.

import { useEffect, useRef } from 'react';
import { wish } from '@/lib/activity';
import { nameOf } from '@/lib/entry';
import { go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { preferences } from '@/lib/preferences';
import { t } from '@/lib/text';
import type { ConversationEntry } from '@/sync';

const showing = 'laserchat.notifications';
const looking = 'laserchat.looking';
/** What is older came while nobody was connected; the unread marks tell of it, a flood of notifications would not help. */
const FRESH = 60_000;

/** Whether a conversation has a new message that this person wants to be told of. */
export function worthTelling(
  before: ConversationEntry | undefined,
  entry: ConversationEntry,
  self: string,
  notify: 'all' | 'mentions' | 'nothing',
  now = Date.now(),
): boolean {
  const message = entry.lastMessage;
  if (!message || message.type !== 'text' || message.deleted_at || message.sender_id === self) return false;
  if (before?.lastMessage && before.lastMessage.seq >= message.seq) return false;
  if (now - new Date(message.created_at).getTime() > FRESH || entry.unread === 0) return false;
  const mute = entry.membership.notifications_muted_until;
  if (entry.conversation.archived_at || (mute && new Date(mute).getTime() > now)) return false;
  if (notify === 'all') return true;
  const called = entry.conversation.type === 'direct' || message.mentions?.includes(self) || message.mentions_all;
  return notify === 'mentions' && Boolean(called);
}

async function looked(): Promise<boolean> {
  const { held } = await navigator.locks.query();
  return held?.some((lock) => lock.name === looking) ?? false;
}

async function tell(entry: ConversationEntry): Promise<void> {
  const message = entry.lastMessage;
  if (!message || (await looked())) return;
  const shown = new Notification(nameOf(entry, t), {
    body: message.body.slice(0, 200),
    tag: message.id,
    icon: '/icon-192.png',
    silent: !preferences().sound,
  });
  shown.addEventListener('click', () => {
    window.focus();
    shown.close();
    go(paths.conversation(message.conversation_id, message.seq));
  });
}

/** Holds a lock until the function that it returns is called. */
function hold(name: string, mode: 'shared' | 'exclusive', got: () => void): () => void {
  const stop = new AbortController();
  const held = new Promise<void>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve());
  });
  void navigator.locks
    .request(name, { mode, signal: stop.signal }, () => {
      got();
      return held;
    })
    .catch(() => undefined);
  return () => stop.abort();
}

interface NotificationsProps {
  entries: readonly ConversationEntry[] | null;
  self: string;
}

/** Shows nothing on the page itself. */
export default function Notifications({ entries, self }: NotificationsProps) {
  const leading = useRef(false);
  const before = useRef<ReadonlyMap<string, ConversationEntry> | null>(null);

  useEffect(() => {
    if (!('locks' in navigator)) return undefined;
    const leave = hold(showing, 'exclusive', () => {
      leading.current = true;
    });
    let away: (() => void) | null = null;
    const follow = () => {
      const visible = document.visibilityState === 'visible';
      if (visible) away ??= hold(looking, 'shared', () => undefined);
      else {
        away?.();
        away = null;
      }
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      leading.current = false;
      leave();
      away?.();
      document.removeEventListener('visibilitychange', follow);
    };
  }, []);

  useEffect(() => {
    if (!entries) return;
    const known = before.current;
    before.current = new Map(entries.map((entry) => [entry.conversation.id, entry]));
    if (!known || !leading.current || !('Notification' in window) || Notification.permission !== 'granted') return;
    if (wish() === 'do_not_disturb') return;
    const { notify } = preferences();
    for (const entry of entries) {
      if (known.get(entry.conversation.id) === entry) continue;
      if (worthTelling(known.get(entry.conversation.id), entry, self, notify)) void tell(entry);
    }
  }, [entries, self]);

  return null;
}
