// Whether one may write here at the moment, and if not, why. The server decides; this says it beforehand.

import type { Contact } from '@/protocol.gen';
import type { ConversationEntry } from '@/sync';

export type Barrier =
  | { readonly why: 'archived' | 'readOnly' | 'notMember' | 'blocked' | 'disabled' }
  | { readonly why: 'muted'; readonly until: string };

/** `muted`: whether the time until which one is muted is still to come. */
export function barrier(entry: ConversationEntry, contacts: readonly Contact[] | null, muted: boolean): Barrier | null {
  const { conversation, membership, peer } = entry;
  if (membership.state !== 'joined') return { why: 'notMember' };
  if (conversation.archived_at) return { why: 'archived' };
  if (muted && membership.muted_until) return { why: 'muted', until: membership.muted_until };
  if (conversation.read_only && membership.role === 'member') return { why: 'readOnly' };
  const contact = peer && contacts?.find(({ user }) => user.id === peer.id);
  return contact?.blocked ? { why: 'blocked' } : null;
}

/** When one may send again in slow mode, as far as is known here. */
export function slowUntil(
  { conversation, membership, lastMessage }: ConversationEntry,
  me: string,
  sentAt = 0,
): number {
  const pause = conversation.slow_mode_seconds * 1000;
  if (pause === 0 || membership.role !== 'member') return 0;
  const last = lastMessage?.sender_id === me && !lastMessage.system ? Date.parse(lastMessage.created_at) : 0;
  return Math.max(last, sentAt) + pause;
}

/** In channels only those who look after them may call everybody. */
export function mayCallEveryone({ conversation, membership }: ConversationEntry): boolean {
  return conversation.type !== 'channel' || membership.role !== 'member';
}
