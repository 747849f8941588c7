// What the server answers of a conversation as a whole, and of its history.

import type { ConversationView, Membership, Message } from '@/protocol.gen';
import { isSame, isSet } from './message';
import type { Room } from './room';
import type { ChangeLog } from './log';
import type { Window } from './types';

/**
 * The conversation as the server shows it to this user. `membership` is the newest known; `counts` when that is the one
 * of the view, so that its counts hold for the view's seq.
 */
export function takeView(
  room: Room,
  view: ConversationView,
  membership: Membership,
  counts: boolean,
  log: ChangeLog,
): void {
  const begins = room.conversation === null || room.restart;
  if (begins) begin(room, view.seq, log);
  room.reach(view.seq);
  const { last_message: last, membership: _, peer, seq, ...conversation } = view;
  const newest = conversation.changed >= (room.conversation?.changed ?? 0);
  if (newest && !isSame(room.conversation, conversation)) room.conversation = conversation;
  const { early } = room;
  room.early = null;
  if (early !== null) room.takeConversation(early);
  if (isSet(peer) && !isSame(room.peer, peer)) room.peer = peer;
  // Late answers may show a message as it was before changes that this client has passed.
  if (isSet(last)) room.takeMessage(last, 'own', seq >= room.cursor);
  const { version, read, unread, mentions } = membership;
  if (counts) {
    room.counted = { version, read, unread, mentions, at: seq };
    room.recount = room.messages.all().some((known) => room.isUncounted(known.message));
  } else if (begins) {
    // A newer membership came by itself, and nobody can say now up to where it counted: at least to the view's seq, so
    // that if nothing was unread then, counting on from `read` is right.
    const none = unread === 0 && mentions === 0;
    room.counted = { version, read, unread, mentions, at: none ? read : room.head };
    room.recount = !none && room.floor > read + 1;
  }
  log.rooms.add(room.id);
  log.show('list', `room:${room.id}`);
}

/** Loads afresh: objects as old as the view may have changed unseen between what brought them and the view. */
function begin(room: Room, seq: number, log: ChangeLog): void {
  log.clear(room.id);
  room.onDisk = null;
  room.messages.retain((known) => known.message.changed > seq);
  for (const known of room.messages.all()) log.message(room.id, known.message.seq);
  for (const [user, member] of room.members) {
    if (member.changed > seq) log.member(room.id, user);
    else room.members.delete(user);
  }
  room.membersComplete = false;
  room.floor = seq + 1;
  room.islands = [];
  room.start = seq;
  room.since = seq;
  room.restart = false;
  room.advance(seq);
  log.show(`timeline:${room.id}`, `members:${room.id}`);
}

/** A page of history that was asked for when the log had at least come to `head`. */
export function takePage(room: Room, window: Window, limit: number, messages: readonly Message[], head: number): void {
  room.takeMessages(messages, 'own', true);
  const [first, last] = [messages[0]?.seq, messages.at(-1)?.seq];
  // A page that is not full has come to the end of what there is, in the direction that was asked for.
  const all = first === undefined || last === undefined || messages.length < limit;
  if ('after' in window) room.cover(window.after + 1, all ? head : last);
  else if ('around' in window) {
    // Half of it comes from before the place, as far as there is so much.
    const before = messages.filter(({ seq }) => seq < window.around).length;
    const half = Math.floor(limit / 2);
    room.cover(all || before < half ? 1 : first, all || messages.length - before < limit - half ? head : last);
  } else room.cover(all ? 1 : first, 'before' in window ? Math.min(window.before - 1, head) : head);
}
