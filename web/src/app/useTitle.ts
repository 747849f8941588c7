// The page's title, its icon in the tab, and the badge on the installed app's icon: where one is, and how much waits.

import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { nameOf } from '@/lib/entry';
import { useText, type TextKey, type Translate } from '@/lib/text';
import type { ConversationEntry } from '@/sync';
import { conversationAt } from './router';

export interface Waiting {
  /** In conversations that are not muted. */
  readonly unread: number;
  /** Meant for oneself: mentions and direct messages. */
  readonly calls: number;
}

export function countWaiting(entries: readonly ConversationEntry[], now = Date.now()): Waiting {
  let unread = 0;
  let calls = 0;
  for (const { conversation, membership, ...entry } of entries) {
    const until = membership.notifications_muted_until;
    const muted = conversation.archived_at || (until && new Date(until).getTime() > now);
    unread += muted ? entry.mentions : entry.unread;
    calls += conversation.type === 'direct' && !muted ? entry.unread : entry.mentions;
  }
  return { unread, calls };
}

const places: readonly (readonly [string, TextKey])[] = [
  ['/settings', 'conversations.settings'],
  ['/admin', 'conversations.admin'],
  ['/contacts', 'conversations.contactsPage'],
  ['/search', 'common.search'],
  ['/activity', 'activity.title'],
  ['/later', 'later.title'],
];

export function titleOf(
  path: string,
  entries: readonly ConversationEntry[],
  server: string,
  unread: number,
  t: Translate,
): string {
  const id = conversationAt(path);
  const open = id && entries.find((entry) => entry.conversation.id === id);
  const place = places.find(([start]) => path.startsWith(start));
  const name = open ? nameOf(open, t) : place ? t(place[1]) : null;
  const count = unread > 0 ? `(${unread > 999 ? '999+' : unread}) ` : '';
  return count + (name ? `${name} – ${server}` : server);
}

export function useTitle(entries: readonly ConversationEntry[], server: string): string {
  const t = useText();
  const [path] = useLocation();
  const { unread, calls } = countWaiting(entries);
  const title = titleOf(path, entries, server, unread, t);

  useEffect(() => {
    document.title = title;
  }, [title]);

  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    const href = unread > 0 ? '/icon-unread.svg' : '/icon.svg';
    if (icon && icon.getAttribute('href') !== href) icon.setAttribute('href', href);
  }, [unread]);

  useEffect(() => {
    if (!('setAppBadge' in navigator)) return;
    // Browsers that do not show badges refuse; there is nothing to be done about it.
    const done = calls > 0 ? navigator.setAppBadge(calls) : navigator.clearAppBadge();
    void done.catch(() => undefined);
  }, [calls]);

  return title;
}
