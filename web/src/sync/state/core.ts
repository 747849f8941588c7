// The data of a state, and the small steps that its parts have in common. The rules are those of the protocol:
//
// - An event carries the whole new state of what changed and its number; applying it replaces what is older. Applying
//   twice, or in another order, is harmless.
// - Per conversation one cursor, and one version for what the user owns. Both advance densely only: what arrives ahead
//   is applied, and the gap before it shows in `wants` until an answer fills it.
// - A replay (between `ready` and `synced`) and an answer to `changes` hold each object once, in its present state, so
//   their seqs have holes; their end moves the cursor to the head that they were made for.
// - The epoch rule: another epoch, another user, or a cursor ahead of the server drops what is held.

import type { Account, CommandAnswered, Contact, Draft, Membership, Presence, User, UserSummary } from '@/protocol.gen';
import { ChangeLog } from './log';
import { Room } from './room';
import type { Resume } from './types';

/** Where a connection stands. */
export type Phase =
  | { readonly is: 'offline' }
  /** `ready` has come and `synced` has not: these heads are being replayed up to. */
  | { readonly is: 'replaying'; readonly heads: Map<string, number>; readonly version: number | null }
  | { readonly is: 'live' };

export const NOTHING: Resume = { cursors: null, version: null, epoch: null };

export class Core {
  epoch: string | null = null;
  user: string | null = null;
  readonly rooms = new Map<string, Room>();
  readonly memberships = new Map<string, Membership>();
  readonly contacts = new Map<string, Contact>();
  /** By conversation or thread, the newest that was heard of since this began. */
  readonly drafts = new Map<string, Draft>();
  /** What bots have answered to one's commands of late. */
  readonly answered = new Map<string, CommandAnswered>();
  /** The version of the list of custom emoji, once known. */
  emoji: number | null = null;
  account: Account | null = null;
  readonly profiles = new Map<string, User>();
  /** Names and faces as they were last seen, wherever that was. */
  readonly summaries = new Map<string, UserSummary>();
  /** Like a conversation's cursor, for what the user owns. */
  version = 0;
  versionHead = 0;
  readonly versionAhead = new Set<number>();
  /** The list of conversations has been loaded once in this epoch. */
  listed = false;
  /** Counts the times that everything was dropped: an answer to a question of before is worthless. */
  generation = 0;
  phase: Phase = { is: 'offline' };
  offered: Resume = NOTHING;
  readonly presence = new Map<string, Presence>();
  /** Until when somebody is typing, by conversation and user. */
  readonly typing = new Map<string, Map<string, number>>();
  readonly log = new ChangeLog();
  private lives = 0;

  /** The room of a conversation, empty if it was not known. */
  enter(id: string): Room {
    const held = this.rooms.get(id);
    if (held !== undefined) return held;
    this.lives += 1;
    const room = new Room(id, this.lives, this.log);
    this.rooms.set(id, room);
    this.log.rooms.add(id);
    return room;
  }

  /** The room, if the conversation has been loaded. */
  loaded(id: string): Room | undefined {
    const room = this.rooms.get(id);
    return room === undefined || room.conversation === null ? undefined : room;
  }

  leave(id: string): void {
    if (!this.rooms.delete(id)) return;
    this.log.clear(id);
    this.log.rooms.add(id);
    this.log.show('list', `room:${id}`, `timeline:${id}`, `members:${id}`, `receipts:${id}`);
  }

  /** The conversation is deleted, or is not this user's any more. */
  gone(id: string): void {
    this.leave(id);
    if (this.memberships.delete(id)) {
      this.log.rooms.add(id);
      this.log.show(`room:${id}`);
    }
    if (this.phase.is === 'replaying') this.phase.heads.delete(id);
  }

  /** Who has left still hears the last of it, and who is not known to have left has joined unheard. */
  hasLeft(id: string): boolean {
    const membership = this.memberships.get(id);
    return membership !== undefined && membership.state !== 'joined';
  }

  setMembership(membership: Membership): void {
    const id = membership.conversation_id;
    this.memberships.set(id, membership);
    this.log.rooms.add(id);
    this.log.show(`room:${id}`, 'list');
  }

  noteVersion(version: number): void {
    this.reachVersion(version);
    if (version === this.version + 1) this.advanceVersion(version);
    else if (version > this.version) this.versionAhead.add(version);
    this.log.meta = true;
  }

  reachVersion(version: number): void {
    if (version <= this.versionHead) return;
    this.versionHead = version;
    this.log.meta = true;
  }

  advanceVersion(version: number): void {
    this.reachVersion(version);
    if (version <= this.version) return;
    this.version = version;
    for (const ahead of this.versionAhead) if (ahead <= version) this.versionAhead.delete(ahead);
    while (this.versionAhead.delete(this.version + 1)) this.version += 1;
    this.log.meta = true;
  }

  /** Drops what the user owns, to be fetched anew. */
  forgetOwn(): void {
    for (const id of this.memberships.keys()) this.log.rooms.add(id);
    for (const user of this.contacts.keys()) this.log.contacts.add(user);
    this.memberships.clear();
    this.contacts.clear();
    this.drafts.clear();
    this.account = null;
    this.version = 0;
    this.versionHead = 0;
    this.versionAhead.clear();
    this.log.meta = true;
    this.log.show('*');
  }

  /** The epoch rule: everything is dropped but the connection's phase. */
  restart(epoch: string, user: string | null): void {
    this.epoch = epoch;
    this.user = user;
    this.account = null;
    this.version = 0;
    this.versionHead = 0;
    this.listed = false;
    this.generation += 1;
    this.offered = NOTHING;
    this.versionAhead.clear();
    for (const held of [this.rooms, this.memberships, this.contacts, this.drafts, this.profiles, this.summaries])
      held.clear();
    for (const signals of [this.presence, this.typing]) signals.clear();
    this.log.dropAll();
  }

  stopTyping(id: string, user: string): void {
    if (this.typing.get(id)?.delete(user) === true) this.log.show(`typing:${id}`);
  }
}
