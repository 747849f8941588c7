// What a timeline shows, row by row, worked out from the messages that are held. Separators belong to the message below
// them, so that a row is a message, and adding a page at either end leaves the rows in between as they were.

import { dayKey } from '@/lib/time';
import type { Message } from '@/protocol.gen';
import type { Pending } from '@/sync';

export interface Around {
  /** The time of the first message of a day; null within a day. */
  readonly day: number | null;
  /** The first message that has not been read. */
  readonly fresh: boolean;
  /** Follows closely on another of the same sender, whose name and face stand there. */
  readonly grouped: boolean;
}

export type Row =
  | { readonly kind: 'start'; readonly key: 'start'; readonly begun: boolean }
  | ({ readonly kind: 'message'; readonly key: string; readonly message: Message } & Around)
  | ({ readonly kind: 'pending'; readonly key: string; readonly pending: Pending } & Around)
  | { readonly kind: 'end'; readonly key: 'end' };

export interface Shown {
  readonly messages: readonly Message[];
  readonly pending: readonly Pending[];
  readonly me: string;
  /** Whether the first message is the conversation's first. */
  readonly atStart: boolean;
  /** Whether the last message is the newest, after which comes what is still to be sent. */
  readonly atEnd: boolean;
  /** The "new" line stands before the first message of somebody else after this seq; null for none. */
  readonly newAfter: number | null;
}

/** Messages of one sender within this time of each other stand together. */
const GROUP = 5 * 60_000;

/** Parsing a date is slow enough to be noticed with a hundred thousand of them. */
const times = new WeakMap<Message, number>();

export function timeOf(message: Message): number {
  let time = times.get(message);
  if (time === undefined) {
    time = Date.parse(message.created_at);
    times.set(message, time);
  }
  return time;
}

/** Replies are in their thread, not here. */
export function isTopLevel(message: Message): boolean {
  return message.parent_id === null || message.parent_id === undefined;
}

/** Whether the "new" line may stand before it: somebody else's, and there to be read. */
export function isNews(message: Message, me: string): boolean {
  return isTopLevel(message) && message.sender_id !== me && message.type === 'text' && !message.deleted_at;
}

export function rowsOf({ messages, pending, me, atStart, atEnd, newAfter }: Shown): readonly Row[] {
  const rows: Row[] = [{ kind: 'start', key: 'start', begun: atStart }];
  const place = placer();
  let sought = newAfter;
  for (const message of messages) {
    if (!isTopLevel(message)) continue;
    const fresh = sought !== null && message.seq > sought && isNews(message, me);
    if (fresh) sought = null;
    const text = message.type === 'text';
    const around = place(timeOf(message), text && !message.forwarded_from ? message.sender_id : null, fresh);
    rows.push({ kind: 'message', key: message.id, message, ...around });
  }
  if (atEnd) {
    for (const waiting of pending) {
      rows.push({ kind: 'pending', key: waiting.clientId, pending: waiting, ...place(waiting.queuedAt, me, false) });
    }
  }
  rows.push({ kind: 'end', key: 'end' });
  return rows;
}

/** Decides for one message after the other whether it begins a day or a group. */
function placer(): (time: number, sender: string | null, fresh: boolean) => Around {
  let [from, to] = [0, 0];
  let last: { time: number; sender: string | null } | null = null;
  return (time, sender, fresh) => {
    const newDay = time < from || time >= to;
    if (newDay) [from, to] = dayAround(time);
    const grouped =
      !newDay &&
      !fresh &&
      sender !== null &&
      last?.sender === sender &&
      time - last.time >= 0 &&
      time - last.time < GROUP;
    last = { time, sender };
    return { day: newDay ? time : null, fresh, grouped };
  };
}

/** From midnight to midnight. Not always 24 hours, so both ends are asked from the calendar. */
function dayAround(time: number): [from: number, to: number] {
  const date = new Date(time);
  const from = new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const to = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
  return dayKey(from) === dayKey(time) ? [from, to] : [time, time + 1];
}

/** The place of the row that shows a seq, or of the nearest one after it: the seq may be a reply's or a change's. */
export function placeOf(rows: readonly Row[], seq: number): number {
  const found = rows.findIndex((row) => row.kind === 'message' && row.message.seq >= seq);
  return found === -1 ? rows.length - 1 : found;
}
