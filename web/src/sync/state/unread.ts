// What is unread: counted from the messages where all of them are known, and otherwise the server's count plus what has
// come since.

import type { Membership, Message } from '@/protocol.gen';
import { isLiving, isSet } from './message';
import type { Room } from './room';
import type { Counted } from './types';

/** The server counts no further. */
const UNREAD_MAX = 1000;

export interface Unread {
  readonly unread: number;
  readonly mentions: number;
}

export function unreadOf(room: Room, membership: Membership, me: string): Unread {
  const { unread, mentions } = count(room, membership, me, Infinity);
  return { unread: Math.min(unread, UNREAD_MAX), mentions: Math.min(mentions, UNREAD_MAX) };
}

/** The counts as they hold for the log up to the cursor, to go on from when the messages are not there any more. */
export function countedAtCursor(room: Room, membership: Membership | undefined, me: string | null): Counted {
  if (membership === undefined || me === null || room.recount || room.counted.at > room.cursor) return room.counted;
  const { version, read } = room.counted;
  // Not counted from what is only read here: the server's count must go on from what the server takes as read.
  const counts = count(room, membership, me, room.cursor, 0);
  return { version, read, at: room.cursor, ...counts };
}

function count(room: Room, membership: Membership, me: string, to: number, readTo = room.readTo): Unread {
  const read = Math.max(membership.read, readTo);
  if (room.floor <= read + 1) return countBetween(room, read, to, me);
  const { counted } = room;
  const since = countBetween(room, Math.max(counted.at, read), to, me);
  // Read here beyond what the server counted, or up to somewhere within it.
  if (read > membership.read && read >= counted.at) return since;
  const less = read > membership.read ? countBetween(room, membership.read, read, me) : { unread: 0, mentions: 0 };
  return {
    unread: Math.max(0, counted.unread - less.unread) + since.unread,
    mentions: Math.max(0, counted.mentions - less.mentions) + since.mentions,
  };
}

/** After one seq, up to another. */
function countBetween(room: Room, after: number, to: number, me: string): Unread {
  let [unread, mentions] = [0, 0];
  const all = room.messages.all();
  for (let at = room.messages.place(after + 1); at < all.length; at += 1) {
    const message = all[at]?.message;
    if (message === undefined || message.seq > to) break;
    if (isCounted(message, me)) unread += 1;
    if (isMention(message, me)) mentions += 1;
  }
  return { unread, mentions };
}

/** Others' messages at the top level, not deleted. */
function isCounted(message: Message, me: string): boolean {
  return message.sender_id !== me && !isSet(message.parent_id) && isLiving(message) && message.type === 'text';
}

function isMention(message: Message, me: string): boolean {
  if (message.sender_id === me || !isLiving(message)) return false;
  return message.mentions?.includes(me) === true || isSet(message.mentions_all);
}
