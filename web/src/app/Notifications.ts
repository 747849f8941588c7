// Desktop notifications of new messages, while no tab of ours is looked at. One tab shows them for all: the one that holds
// a lock. Which tabs are looked at is a lock too, which every visible tab shares, so that nothing has to be remembered.
//
// They are shown through the service worker where there is one, under the same tag as a push of the same message: then a
// message that is pushed as well is shown once. What is read anywhere is taken away.

import { useEffect, useRef } from 'react';
import { renew } from '@/features/settings/push';
import { loadRules, rules } from '@/features/settings/rules';
import { wish } from '@/lib/activity';
import { nameOf } from '@/lib/entry';
import { saidIn } from '@/lib/naming';
import { go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { preferences } from '@/lib/preferences';
import { t } from '@/lib/text';
import { isRead, pathIn } from '@/sw/push';
import { useAccount, type ConversationEntry } from '@/sync';
import { plainText } from '@/ui/markdown';
import { worthTelling } from './telling';

const showing = 'laserchat.notifications';
const looking = 'laserchat.looking';
/** The rules may have been changed on another device; asking costs little. */
const AGAIN = 60_000;

async function looked(): Promise<boolean> {
  const { held } = await navigator.locks.query();
  return held?.some((lock) => lock.name === looking) ?? false;
}

async function worker(): Promise<ServiceWorkerRegistration | null> {
  if (!('serviceWorker' in navigator)) return null;
  const registration = await navigator.serviceWorker.getRegistration();
  return registration?.active ? registration : null;
}

async function tell(entry: ConversationEntry, hidden: boolean): Promise<void> {
  const message = entry.lastMessage;
  if (!message || (await looked())) return;
  const { conversation_id: conversationId, seq, id } = message;
  const path = paths.conversation(conversationId, seq);
  const title = hidden ? t('notify.somethingNew') : nameOf(entry, t);
  const options = {
    body: hidden ? '' : plainText(saidIn(message), 200),
    tag: `m${id}`,
    icon: '/icon-192.png',
    silent: !preferences().sound,
    data: { path, place: { conversationId, seq } },
  };
  const registration = await worker();
  if (registration) {
    await registration.showNotification(title, options);
    return;
  }
  const shown = new Notification(title, options);
  shown.addEventListener('click', () => {
    window.focus();
    shown.close();
    go(path);
  });
}

/** Takes away what was shown of a conversation that was read meanwhile. */
async function clear(conversationId: string, seq: number): Promise<void> {
  for (const shown of (await (await worker())?.getNotifications()) ?? []) {
    const data: unknown = shown.data;
    if (isRead(data, { conversationId, seq })) shown.close();
  }
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

/** Somebody pressed a notification, and this tab was chosen to lead there. */
function follow(event: MessageEvent<unknown>): void {
  const { data } = event;
  if (typeof data === 'object' && data !== null && 'type' in data && data.type === 'go') go(pathIn(data));
}

interface NotificationsProps {
  entries: readonly ConversationEntry[] | null;
  self: string;
}

/** Shows nothing on the page itself. */
export default function Notifications({ entries, self }: NotificationsProps) {
  const leading = useRef(false);
  const before = useRef<ReadonlyMap<string, ConversationEntry> | null>(null);
  const zone = useAccount()?.user.time_zone ?? null;

  useSubscription();
  useEffect(() => {
    if (!('locks' in navigator)) return undefined;
    const leave = hold(showing, 'exclusive', () => {
      leading.current = true;
    });
    let away: (() => void) | null = null;
    const see = () => {
      const visible = document.visibilityState === 'visible';
      if (visible) away ??= hold(looking, 'shared', () => undefined);
      else {
        away?.();
        away = null;
      }
    };
    see();
    document.addEventListener('visibilitychange', see);
    return () => {
      leading.current = false;
      leave();
      away?.();
      document.removeEventListener('visibilitychange', see);
    };
  }, []);

  useEffect(() => {
    if (!entries) return;
    const known = before.current;
    before.current = new Map(entries.map((entry) => [entry.conversation.id, entry]));
    if (!known || !leading.current || !('Notification' in window) || Notification.permission !== 'granted') return;
    const present = rules();
    for (const entry of entries) {
      const { id } = entry.conversation;
      const was = known.get(id);
      if (was === entry) continue;
      if (was && entry.membership.read > was.membership.read) void clear(id, entry.membership.read);
      if (!present || wish() === 'do_not_disturb') continue;
      if (worthTelling(was, entry, { self, rules: present, zone })) void tell(entry, present.hide_content);
    }
  }, [entries, self, zone]);

  return null;
}

/** The rules and this browser's subscription: brought up to date at the start, and the rules now and then. */
function useSubscription(): void {
  useEffect(() => {
    let asked = 0;
    const ask = () => {
      if (document.visibilityState !== 'visible' || Date.now() - asked < AGAIN) return;
      asked = Date.now();
      void loadRules();
    };
    ask();
    void renew().catch(() => undefined);
    document.addEventListener('visibilitychange', ask);
    navigator.serviceWorker?.addEventListener('message', follow);
    return () => {
      document.removeEventListener('visibilitychange', ask);
      navigator.serviceWorker?.removeEventListener('message', follow);
    };
  }, []);
}
