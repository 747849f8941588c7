// What a client knows, and how it becomes what the server knows. Pure and synchronous, so that tests can drive it
// through any history. This is the door to it; the work is done in the files that each method names.

import type {
  Account,
  Changes,
  CommandAnswered,
  Contact,
  ConversationView,
  Draft,
  Event,
  Member,
  Membership,
  Message,
  OwnChanges,
  Polled,
  Presence,
  User,
  UserSummary,
} from '@/protocol.gen';
import * as answers from './answers';
import * as connection from './connection';
import { Core } from './core';
import * as disk from './disk';
import { handle } from './handlers';
import { takeDraft } from './handlers/personal';
import { takePresence } from './handlers/user';
import * as history from './history';
import { takeContact, takeProfile, takeSummary } from './people';
import { Reads } from './reads';
import type {
  Asked,
  Cursors,
  Fetch,
  Key,
  MemberRecord,
  MessageRecord,
  Noun,
  Resume,
  RoomView,
  Standing,
  Stored,
  Timeline,
  Window,
  Writes,
} from './types';

export class State {
  private readonly reads: Reads;

  constructor(private readonly core = new Core()) {
    this.reads = new Reads(core);
  }

  static restore(stored: Stored): State {
    return new State(disk.restore(stored));
  }

  hello(): Resume {
    return connection.hello(this.core);
  }

  disconnected(): void {
    connection.disconnected(this.core);
  }

  /** Applies one event. `now`, in milliseconds, only dates signals. Returns whether `wants` may have changed. */
  apply(event: Event, now: number): boolean {
    // A replay is made for this user; what is pushed live is made for everybody.
    return handle(this.core, event, { source: this.core.phase.is === 'replaying' ? 'own' : 'shared', now });
  }

  /** Everything that is missing and can be asked for now. */
  wants(): Fetch[] {
    return connection.wants(this.core);
  }

  /** What is held reaches what the server is known to have, and a connection keeps it so. */
  isSynced(): boolean {
    return this.core.phase.is === 'live' && this.wants().length === 0;
  }

  /** An answer is dropped when this is not what it was when the question was asked. */
  generation(): number {
    return this.core.generation;
  }

  standing(id: string): Standing {
    return answers.standing(this.core, id);
  }

  /** To be taken before something is asked for, and given back with the answer. */
  asked(id: string): Asked {
    return history.asked(this.core, id);
  }

  answerAccount(account: Account): void {
    answers.answerAccount(this.core, account);
  }

  answerOwnChanges(after: number, changes: OwnChanges): void {
    answers.answerOwnChanges(this.core, after, changes);
  }

  /** The whole list of the user's conversations. */
  answerConversations(views: readonly ConversationView[]): void {
    answers.answerConversations(this.core, views);
  }

  answerConversation(view: ConversationView): void {
    answers.answerConversation(this.core, view);
  }

  /** `standing` is how the conversation stood when it was asked for. */
  answerNotFound(id: string, standing: Standing): void {
    answers.answerNotFound(this.core, id, standing);
  }

  answerChanges(id: string, after: number, changes: Changes): void {
    answers.answerChanges(this.core, id, after, changes);
  }

  answerPoll(polled: Polled, now: number): void {
    answers.answerPoll(this.core, polled, now);
  }

  /** The conversation is deleted, or is not this user's any more. */
  gone(id: string): void {
    this.core.gone(id);
  }

  /** A page of history. False when it is too old to be used: ask again. */
  answerHistory(id: string, window: Window, limit: number, messages: readonly Message[], asked: Asked): boolean {
    return history.answerHistory(this.core, id, window, limit, messages, asked);
  }

  /** Messages from anywhere in one conversation: a thread, the pins, the answer to one's own change. */
  answerMessages(id: string, messages: readonly Message[], asked: Asked): boolean {
    return history.answerMessages(this.core, id, messages, asked);
  }

  /** All of a conversation's members. */
  answerMembers(id: string, members: readonly Member[], asked: Asked): boolean {
    return history.answerMembers(this.core, id, members, asked);
  }

  answerUsers(users: readonly User[]): void {
    for (const user of users) takeProfile(this.core, user);
  }

  answerSummaries(users: readonly UserSummary[]): void {
    for (const user of users) takeSummary(this.core, user);
  }

  answerContacts(contacts: readonly Contact[]): void {
    for (const contact of contacts) takeContact(this.core, contact);
  }

  answerPresence(presence: readonly Presence[]): void {
    for (const each of presence) takePresence(this.core, each);
  }

  /** Reads up to a seq before the server knows of it; counts follow at once. Never moves back. */
  markRead(id: string, seq: number): void {
    const room = this.core.loaded(id);
    if (room === undefined || seq <= this.readTo(id)) return;
    room.readTo = seq;
    this.core.log.rooms.add(id);
    this.core.log.show(`room:${id}`);
  }

  /** Where the user has read to: in this browser, or as the server said. */
  readTo(id: string): number {
    return Math.max(this.core.rooms.get(id)?.readTo ?? 0, this.core.memberships.get(id)?.read ?? 0);
  }

  /**
   * Lets go of messages outside of the seqs given, which are those near the screen; the newest ones, the pinned ones
   * and those of the threads given (by the id of their first message) stay. Returns how many went.
   */
  trim(id: string, keepFrom: number, keepTo: number, threads: ReadonlySet<string> = new Set()): number {
    return history.trim(this.core, id, keepFrom, keepTo, threads);
  }

  /** A draft as another device left it, or this one; null when none was heard of. */
  draft(key: string): Draft | null {
    return this.core.drafts.get(key) ?? null;
  }

  drafts(): ReadonlyMap<string, Draft> {
    return this.core.drafts;
  }

  answerDrafts(drafts: readonly Draft[]): void {
    for (const draft of drafts) takeDraft(this.core, draft);
  }

  /** What came of a slash command, if its bot has answered it since this began. */
  answered(invocationId: string): CommandAnswered | null {
    return this.core.answered.get(invocationId) ?? null;
  }

  /** A number that grows whenever something of this kind has changed. */
  stamp(noun: Noun): number {
    return this.core.log.stamp(`own:${noun}`);
  }

  user(): string | null {
    return this.core.user;
  }

  epoch(): string | null {
    return this.core.epoch;
  }

  version(): number {
    return this.core.version;
  }

  account(): Account | null {
    return this.core.account;
  }

  /** Ids of the conversations that the user is in and that are loaded, the most recently active first; null until known. */
  list(): readonly string[] | null {
    return this.reads.list();
  }

  room(id: string): RoomView | null {
    return this.reads.room(id);
  }

  cursor(id: string): number {
    return this.core.rooms.get(id)?.cursor ?? 0;
  }

  head(id: string): number {
    return this.core.rooms.get(id)?.head ?? 0;
  }

  membership(id: string): Membership | null {
    return this.core.memberships.get(id) ?? null;
  }

  /** The stretch that holds a seq, or the newest one; null when there is none. */
  timeline(id: string, at: number | null = null): Timeline | null {
    return this.reads.timeline(id, at);
  }

  message(id: string, seq: number): Message | null {
    return this.core.loaded(id)?.messages.get(seq)?.message ?? null;
  }

  messageById(id: string, messageId: string): Message | null {
    return this.core.loaded(id)?.messages.find(messageId)?.message ?? null;
  }

  /** The replies that are held under a message, oldest first, tombstones included. */
  replies(id: string, parentId: string): readonly Message[] {
    return this.reads.replies(id, parentId);
  }

  /** The pinned messages that are held, the latest pinned first. */
  pins(id: string): readonly Message[] {
    return this.reads.pins(id);
  }

  /** Members that are known, those that left included. */
  members(id: string): readonly Member[] {
    return this.reads.members(id);
  }

  membersComplete(id: string): boolean {
    return this.core.loaded(id)?.membersComplete ?? false;
  }

  memberCount(id: string): number {
    const room = this.core.loaded(id);
    if (room?.membersComplete !== true) return room?.conversation?.member_count ?? 0;
    return this.members(id).filter((member) => member.state === 'joined').length;
  }

  /** How far each member has received and read, in conversations small enough for receipts. */
  receipts(id: string): ReadonlyMap<string, Cursors> {
    return this.reads.receipts(id);
  }

  /** Who is typing. A signal ends by itself, so this is to be asked again as time goes on. */
  typing(id: string, now: number): readonly string[] {
    return this.reads.typing(id, now);
  }

  presence(userId: string): Presence | null {
    return this.core.presence.get(userId) ?? null;
  }

  /** One's relations to others; those that ended are left out. */
  contacts(): readonly Contact[] {
    return this.reads.contacts();
  }

  contact(userId: string): Contact | null {
    return this.core.contacts.get(userId) ?? null;
  }

  profile(userId: string): User | null {
    return this.core.profiles.get(userId) ?? null;
  }

  /** The name and face of somebody who is known from anywhere. */
  summary(userId: string): UserSummary | null {
    return this.core.summaries.get(userId) ?? null;
  }

  /** What changed since the last call, for the screen. */
  takeChanges(): ReadonlySet<Key> {
    const { log } = this.core;
    const { keys } = log;
    log.keys = new Set();
    if (keys.has('*')) this.reads.forget();
    return keys;
  }

  /** What to write since the last call; null when nothing. */
  takeWrites(): Writes | null {
    return disk.takeWrites(this.core);
  }

  /** The conversation lies on the disk without having been read: read its messages and members, and give them to `load`. */
  isStored(id: string): boolean {
    return this.core.rooms.get(id)?.onDisk !== null && this.core.rooms.has(id);
  }

  load(id: string, members: readonly MemberRecord[], messages: readonly MessageRecord[]): void {
    disk.load(this.core, id, members, messages);
  }
}
