// The words that the state and its driver share: what is asked for, what tells an answer's age, what is shown of a
// conversation, and the records that a state is kept as between runs.

import type { Account, Contact, Conversation, Member, Membership, Message, User, UserSummary } from '@/protocol.gen';

/** Something to ask the server for. The answer goes to the `answer…` method of the same name. */
export type Fetch =
  /** `GET /me`. */
  | { readonly what: 'account' }
  /** `GET /me/changes?after=`. */
  | { readonly what: 'ownChanges'; readonly after: number }
  /** All pages of `GET /conversations`. */
  | { readonly what: 'conversations' }
  /** `GET /conversations/{id}`. */
  | { readonly what: 'conversation'; readonly id: string }
  /** `GET /conversations/{id}/changes?after=`. */
  | { readonly what: 'changes'; readonly id: string; readonly after: number };

/** What is known of the user's place in a conversation: it tells whether an answer of `not_found` is out of date. */
export interface Standing {
  readonly generation: number;
  readonly version: number;
  readonly head: number;
}

/**
 * When a page of messages or members was asked for, as the log counts time. Taken before the request is made and given
 * back with the answer, it tells whether the answer may be older than something that is no longer held.
 */
export interface Asked {
  readonly generation: number;
  readonly life: number;
  readonly head: number;
}

/** Where to resume from: what `hello` tells. */
export interface Resume {
  readonly cursors: Readonly<Record<string, number>> | null;
  readonly version: number | null;
  readonly epoch: string | null;
}

/** Which page of a conversation's history was asked for; `{}` is the newest. */
export type Window =
  | { readonly before: number }
  | { readonly after: number }
  | { readonly around: number }
  | Readonly<Record<string, never>>;

/** How far somebody has received and read. */
export interface Cursors {
  readonly delivered: number;
  readonly read: number;
}

/** Seqs from the first to the second, both included, within which every message is held. */
export interface Island {
  readonly from: number;
  readonly to: number;
}

/** One stretch of a conversation's messages without a hole, oldest first; tombstones and replies included. */
export interface Timeline extends Island {
  /** It goes on to the newest message, and grows with every new one. */
  readonly newest: boolean;
  readonly messages: readonly Message[];
}

/** What is held of one conversation that the user is in. */
export interface RoomView {
  readonly conversation: Conversation;
  readonly membership: Membership | null;
  /** The other person of a direct conversation. */
  readonly peer: UserSummary | null;
  readonly lastMessage: Message | null;
  readonly unread: number;
  readonly mentions: number;
}

/** A message as it is held: `mine` is the seq as of which its personal flags are right. */
export interface Known {
  readonly message: Message;
  readonly mine: number;
}

/** The server's unread counts of a membership hold for the log up to `at`. */
export interface Counted {
  readonly version: number;
  readonly read: number;
  readonly at: number;
  readonly unread: number;
  readonly mentions: number;
}

/**
 * What changed, as small keys: `account`, `contacts`, `list` (which conversations there are, or the order of their last
 * messages), `status` (what is wanted, synced or not), `room:ID` (its [RoomView]), `timeline:ID` (its messages, pins and
 * threads), `members:ID`, `receipts:ID`, `typing:ID`, `presence:UID`, `user:UID`, `own:NOUN`; and `*` for everything at once.
 */
export type Key =
  | '*'
  | 'account'
  | 'contacts'
  | 'list'
  | 'status'
  | `room:${string}`
  | `timeline:${string}`
  | `members:${string}`
  | `receipts:${string}`
  | `typing:${string}`
  | `presence:${string}`
  | `user:${string}`
  | `own:${Noun}`;

/** What one has outside of conversations, and the emoji of the server: things whose pages ask for them anew. */
export type Noun = 'drafts' | 'scheduled' | 'reminders' | 'saved' | 'emoji' | 'answers';

/** What concerns no single conversation. */
export interface MetaRecord {
  readonly epoch: string | null;
  readonly user: string | null;
  readonly version: number;
  readonly versionHead: number;
  readonly versionAhead: readonly number[];
  readonly listed: boolean;
  readonly account: Account | null;
}

/** A conversation without its messages and members. */
export interface RoomRecord {
  readonly id: string;
  readonly membership: Membership | null;
  /** Null when only the membership is known: of a conversation that the user has left, or that is not loaded yet. */
  readonly room: RoomData | null;
}

export interface RoomData {
  readonly conversation: Conversation | null;
  readonly early: Conversation | null;
  readonly peer: UserSummary | null;
  readonly cursor: number;
  readonly head: number;
  readonly ahead: readonly number[];
  readonly patchy: number;
  readonly floor: number;
  readonly islands: readonly Island[];
  readonly start: number;
  readonly since: number;
  readonly readTo: number;
  readonly counted: Counted;
  /** The same counts brought up to the cursor, for as long as the messages are not read from the disk. */
  readonly countedNow: Counted;
  readonly recount: boolean;
  readonly restart: boolean;
  readonly membersComplete: boolean;
  readonly receipts: readonly (readonly [user: string, cursors: Cursors])[];
  /** The newest message that is not deleted, so that the list can be shown without reading messages. */
  readonly last: Known | null;
}

/** A member; the key is `[conversation, user]`. */
export interface MemberRecord {
  readonly conversation: string;
  readonly user: string;
  readonly member: Member;
}

/**
 * A message; the key is `[conversation, seq]`. Here `seq` is half a step above the message's own for what was only told to
 * everybody, while a record with what concerns this user may lie unread on the disk: the two are joined when it is read.
 */
export interface MessageRecord extends Known {
  readonly conversation: string;
  readonly seq: number;
}

/**
 * What has to be written since the last time, in this order and in one transaction, so that what is read back is of one
 * moment. Deletions come before what is put.
 */
export interface Writes {
  /** Empty all stores first: everything was dropped. */
  readonly reset: boolean;
  /** Delete every stored message and member of these conversations. */
  readonly cleared: readonly string[];
  readonly goneRooms: readonly string[];
  readonly goneMessages: readonly (readonly [conversation: string, seq: number])[];
  readonly goneContacts: readonly string[];
  readonly meta: MetaRecord | null;
  readonly rooms: readonly RoomRecord[];
  readonly members: readonly MemberRecord[];
  readonly messages: readonly MessageRecord[];
  readonly contacts: readonly Contact[];
  readonly users: readonly User[];
}

/** What is read at the start. Messages and members follow conversation by conversation, when they are needed. */
export interface Stored {
  readonly meta: MetaRecord | null;
  readonly rooms: readonly RoomRecord[];
  readonly contacts: readonly Contact[];
  readonly users: readonly User[];
}
