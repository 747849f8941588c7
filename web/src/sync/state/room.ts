// One conversation as a client holds it: its objects, the cursor, and what is known to be missing.
//
// Its messages are complete within islands. The newest island goes from `floor` to the cursor and grows with it; older
// ones come from pages of history around a place that was jumped to. The client follows every change after the cursor,
// so whatever is held stays right, in all islands alike. When that thread is cut (the conversation is loaded afresh),
// nothing that may have changed unseen is kept, and no island survives.

import type { Conversation, Member, Membership, Message, Receipt, ReactionChange, UserSummary } from '@/protocol.gen';
import { withIsland } from './islands';
import type { ChangeLog } from './log';
import { isLiving, isSame, join, knownFrom, merge, reacted, type Source } from './message';
import { Messages } from './messages';
import type { Counted, Cursors, Island, Known } from './types';

/** Seqs that are remembered ahead of the cursor. Beyond it the gap is fetched whole, which costs only a larger answer. */
const AHEAD_MAX = 1024;

/** Further behind than this, a conversation is loaded afresh instead of fetching everything missed. */
const CATCH_UP_MAX = 10_000;

/** What lies on the disk and has not been read. It is complete as of the cursor that it was written with. */
export interface OnDisk {
  readonly islands: readonly Island[];
  readonly membersComplete: boolean;
  readonly ahead: readonly number[];
  readonly since: number;
  /** Where the server's counts began, and what is used in their place until the messages are read. */
  readonly counted: Counted;
  readonly countedNow: Counted;
}

export class Room {
  /** Absent while only the conversation's existence is known. */
  conversation: Conversation | null = null;
  /** What an event told of the conversation before it was loaded. */
  early: Conversation | null = null;
  peer: UserSummary | null = null;
  readonly members = new Map<string, Member>();
  /** The members are all there; otherwise only those that changed lately are. */
  membersComplete = false;
  readonly receipts = new Map<string, Cursors>();
  readonly messages = new Messages();
  /** Every change up to here is known, or is older than what was loaded. */
  cursor = 0;
  /** The newest change known to exist. */
  head = 0;
  /** Changes after the cursor that have arrived, where an earlier one has not. */
  ahead = new Set<number>();
  /** Up to here, changes may have been told in a form that skips what a later change hid. */
  patchy = 0;
  /** From here to the cursor every message is known. */
  floor = 0;
  /** Older stretches without a hole; none of them touches the newest one. */
  islands: readonly Island[] = [];
  /** Where the cursor began. */
  start = 0;
  /** Changes up to here may have been forgotten, so an answer that may be older than this is of no use. */
  since = 0;
  /** Where the user has read to in this browser, before the server says so. */
  readTo = 0;
  counted: Counted = { version: 0, read: 0, at: 0, unread: 0, mentions: 0 };
  /** The unread count cannot be derived from what is known: ask for it. */
  recount = false;
  /** Too much was missed: load the conversation afresh. */
  restart = false;
  onDisk: OnDisk | null = null;

  constructor(
    readonly id: string,
    /** Tells this room from another one of the same conversation, before it was dropped. */
    readonly life: number,
    private readonly log: ChangeLog,
  ) {}

  /** Changes are missing. */
  isBehind(): boolean {
    return this.cursor < this.head;
  }

  /** Something of it is to be fetched. */
  wants(): boolean {
    return this.conversation === null || this.restart || this.recount || this.isBehind();
  }

  /**
   * A change has arrived. Returns whether it is news: an old one tells of objects that are held, perhaps newer, or were
   * never loaded, and then only what it says of held objects counts.
   *
   * What is not `complete` leaves out what concerns only this user. That is right where everything before is known, but
   * it may hide an own change that is still missing; then it does not count as known, and is fetched.
   */
  note(seq: number, complete: boolean): boolean {
    this.reach(seq);
    if (seq <= this.cursor) return false;
    const next = seq === this.cursor + 1;
    if (!complete && (!next || seq <= this.patchy)) return true;
    if (next) this.advance(seq);
    else if (this.ahead.size < AHEAD_MAX) {
      this.ahead.add(seq);
      this.log.rooms.add(this.id);
    }
    return true;
  }

  /** There are changes up to here. */
  reach(head: number): void {
    if (head <= this.head) return;
    this.head = head;
    this.log.rooms.add(this.id);
  }

  mark(patchy: number): void {
    if (patchy <= this.patchy) return;
    this.patchy = patchy;
    this.log.rooms.add(this.id);
  }

  /** Everything up to `seq` is known. */
  advance(seq: number): void {
    this.reach(seq);
    if (seq <= this.cursor) return;
    this.cursor = seq;
    if (this.ahead.size > 0) this.catchUp();
    this.log.rooms.add(this.id);
  }

  /** What arrived ahead may follow the cursor now. */
  catchUp(): void {
    for (const ahead of this.ahead) if (ahead <= this.cursor) this.ahead.delete(ahead);
    while (this.ahead.delete(this.cursor + 1)) this.cursor += 1;
  }

  behind(head: number): void {
    this.reach(head);
    this.mark(head);
    if (this.head - this.cursor > CATCH_UP_MAX) {
      this.restart = true;
      this.log.rooms.add(this.id);
    }
  }

  takeMessage(message: Message, source: Source, news: boolean): void {
    this.takeMessages([message], source, news);
  }

  /** Messages in the order of their seqs. */
  takeMessages(messages: readonly Message[], source: Source, news: boolean): void {
    const changed: Known[] = [];
    for (const message of messages) {
      if (this.isUncounted(message)) this.askCounts();
      const held = this.messages.get(message.seq);
      const known = held === undefined ? knownFrom(message, source) : merge(held, message, source);
      if (held === undefined ? news : known !== held) changed.push(known);
    }
    this.put(changed);
  }

  takeReaction(seq: number, change: ReactionChange, at: number, me: string | null): void {
    const held = this.messages.get(seq);
    if (held === undefined) return;
    const known = reacted(held, change, at, me);
    if (known !== held) this.put([known]);
  }

  /** Messages as they were written, which what came since may have overtaken. */
  takeStored(stored: readonly Known[]): void {
    const [same, changed]: [Known[], Known[]] = [[], []];
    for (const record of stored) {
      const held = this.messages.get(record.message.seq);
      const known = held === undefined ? record : join(held, record);
      if (known === record) same.push(known);
      else if (known !== held) changed.push(known);
    }
    this.messages.putAll(same);
    this.put(changed);
  }

  private put(changed: readonly Known[]): void {
    if (changed.length === 0) return;
    const last = this.messages.last();
    this.messages.putAll(changed);
    for (const { message } of changed) this.log.message(this.id, message.seq);
    this.log.show(`timeline:${this.id}`, `room:${this.id}`);
    if (this.messages.last() === last) return;
    this.log.rooms.add(this.id);
    this.log.show('list');
    // What came before the last message lies on the disk, or nowhere: the server tells the one before.
    const lost =
      last !== undefined && changed.some(({ message }) => message.seq === last.message.seq && !isLiving(message));
    if (lost && this.onDisk !== null) this.askCounts();
  }

  /** A stretch is complete: it becomes an island, or part of one. */
  cover(from: number, to: number): void {
    const end = Math.min(to, this.cursor);
    if (end < from) return;
    const covered = withIsland(this.islands, { from, to: end });
    const newest = covered.at(-1);
    if (newest !== undefined && newest.to >= this.floor - 1) {
      this.floor = Math.min(this.floor, newest.from);
      this.islands = covered.slice(0, -1);
    } else {
      this.islands = covered;
    }
    this.log.rooms.add(this.id);
    this.log.show(`timeline:${this.id}`, `room:${this.id}`);
  }

  takeMember(member: Member, news: boolean): void {
    this.takeReceipt({ user_id: member.user.id, delivered: member.delivered, read: member.read });
    const held = this.members.get(member.user.id);
    if (held === undefined ? !news : member.changed <= held.changed) return;
    this.setMember(member);
  }

  takeMembers(members: readonly Member[]): void {
    for (const member of members) this.takeMember(member, true);
    this.membersComplete = true;
    this.log.rooms.add(this.id);
    this.log.show(`members:${this.id}`);
  }

  setMember(member: Member): void {
    this.members.set(member.user.id, member);
    this.log.member(this.id, member.user.id);
    this.log.show(`members:${this.id}`);
  }

  takeConversation(conversation: Conversation): void {
    // A conversation that is not loaded stays so: only a view says where its cursor may start.
    const held = this.conversation ?? this.early;
    if (held !== null && conversation.changed <= held.changed) return;
    if (this.conversation === null) this.early = conversation;
    else this.conversation = conversation;
    this.log.rooms.add(this.id);
    this.log.show(`room:${this.id}`);
  }

  /** Cursors only move forward, and reading implies delivery. */
  takeReceipt(receipt: Receipt): void {
    if (receipt.delivered === 0 && receipt.read === 0) return;
    const held = this.receipts.get(receipt.user_id) ?? { delivered: 0, read: 0 };
    const read = Math.max(held.read, receipt.read);
    const delivered = Math.max(held.delivered, receipt.delivered, read);
    if (read === held.read && delivered === held.delivered) return;
    this.receipts.set(receipt.user_id, { delivered, read });
    this.log.rooms.add(this.id);
    this.log.show(`receipts:${this.id}`);
  }

  takeUser(user: UserSummary): void {
    const member = this.members.get(user.id);
    if (member !== undefined && !isSame(member.user, user)) this.setMember({ ...member, user });
    if (this.peer?.id === user.id && !isSame(this.peer, user)) this.setPeer(user);
  }

  setPeer(peer: UserSummary): void {
    this.peer = peer;
    this.log.rooms.add(this.id);
    this.log.show(`room:${this.id}`);
  }

  askCounts(): void {
    this.recount = true;
    this.log.rooms.add(this.id);
  }

  /** A new membership has arrived without saying up to which seq it counts. */
  countFrom(membership: Membership): void {
    if (membership.version <= this.counted.version) return;
    const { version, read, unread, mentions } = membership;
    // Nothing between `read` and wherever it counted to, so counting on from `read` is right, unless messages have been
    // let go of since.
    const none = unread === 0 && mentions === 0;
    this.counted = { version, read, unread, mentions, at: none ? read : this.head };
    if (!none || this.since > this.start) this.recount = this.floor > read + 1;
    this.log.rooms.add(this.id);
    this.log.show(`room:${this.id}`);
  }

  /** The server's count is in use, and the message changed after it in a way that may change it. */
  isUncounted(message: Message): boolean {
    return (
      this.floor > this.counted.read + 1 &&
      message.seq > this.counted.read &&
      message.seq <= this.counted.at &&
      message.changed > this.counted.at &&
      (!isLiving(message) || typeof message.edited_at === 'string')
    );
  }
}
