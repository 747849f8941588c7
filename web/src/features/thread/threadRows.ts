// What a thread shows, row by row: the parent, how many replies there are, the replies, and what is still to be sent.

import type { Message } from '@/protocol.gen';
import type { Pending } from '@/sync';

export type ThreadRow =
  | { readonly kind: 'message'; readonly key: string; readonly message: Message; readonly grouped: boolean }
  | { readonly kind: 'pending'; readonly key: string; readonly pending: Pending; readonly grouped: boolean }
  | { readonly kind: 'count'; readonly key: 'count'; readonly count: number };

/** Replies of one person within this time of each other stand together. */
const GROUP = 5 * 60_000;

export function threadRows(
  parent: Message,
  replies: readonly Message[],
  pending: readonly Pending[],
): readonly ThreadRow[] {
  const rows: ThreadRow[] = [{ kind: 'message', key: parent.id, message: parent, grouped: false }];
  if (parent.reply_count > 0) rows.push({ kind: 'count', key: 'count', count: parent.reply_count });
  let last: Message | null = null;
  for (const reply of replies) {
    const near: boolean = last !== null && Date.parse(reply.created_at) - Date.parse(last.created_at) < GROUP;
    const grouped = near && last?.sender_id === reply.sender_id && !reply.forwarded_from;
    rows.push({ kind: 'message', key: reply.id, message: reply, grouped });
    last = reply;
  }
  pending.forEach((waiting, index) => {
    rows.push({ kind: 'pending', key: waiting.clientId, pending: waiting, grouped: index > 0 });
  });
  return rows;
}
