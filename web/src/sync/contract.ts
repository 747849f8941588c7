// What features may know of `sync`: the shapes it shows and the things it can be asked to do. `index.ts` exports the one
// instance and the hooks; nothing else in `src/sync` is imported from outside of it.
//
// Objects handed out are immutable and keep their identity until they change, so that React can compare them by ===.

import type {
  Account,
  AccountUpdate,
  Activity,
  CommandAnswered,
  Contact,
  Conversation,
  ConversationCreate,
  ConversationUpdate,
  DeletionReport,
  Grant,
  Member,
  MemberUpdate,
  Membership,
  MembershipUpdate,
  Message,
  Presence,
  ProfileUpdate,
  User,
  UserSummary,
} from '@/protocol.gen';
import type { FileDesk, Upload } from './uploads/types';

export type { FileDesk, Picked, Purpose, Upload } from './uploads/types';

/** What a request was refused with. `code` is one of the protocol's, or `offline` when there was no answer. */
export interface Refusal extends Error {
  readonly code: string;
  readonly status: number;
  readonly detail?: string;
  readonly field?: string;
  readonly retryAfter?: number;
}

/** Who is signed in on this browser. `starting` until the stored session has been read. */
export type SessionState =
  | { phase: 'starting' }
  | { phase: 'signed-out'; reason?: 'ended' | 'disabled' }
  | { phase: 'signed-in'; userId: string; sessionId: string };

/** `since`: when it became so. `retryAt`: when the next attempt is made. */
export interface Connection {
  readonly phase: 'offline' | 'connecting' | 'syncing' | 'live';
  readonly since: number;
  readonly retryAt?: number;
}

/** One conversation of the user's, with everything that the list and the header show. */
export interface ConversationEntry {
  readonly conversation: Conversation;
  readonly membership: Membership;
  /** The other person of a direct conversation; oneself for notes. */
  readonly peer: UserSummary | null;
  readonly lastMessage: Message | null;
  /** Derived from the cursors: right at once when something is read, sent or deleted, also offline. Up to 1,000. */
  readonly unread: number;
  readonly mentions: number;
}

/** A message that the server has not acknowledged yet. */
export interface Pending {
  readonly clientId: string;
  readonly conversationId: string;
  readonly parentId: string | null;
  readonly body: string;
  readonly queuedAt: number;
  /** How many files go with it: `useUploads` of its client id has them. */
  readonly files: number;
  /** `queued`: waits for its turn or for a connection; `sending`: on its way; `failed`: refused for good, see `problem`. */
  readonly status: 'queued' | 'sending' | 'failed';
  readonly problem?: Pick<Refusal, 'code' | 'detail' | 'retryAfter'>;
}

/** A window on a conversation's history that one component holds: messages without a hole, oldest first. */
export interface TimelineView {
  /** Tombstones, system messages and replies included; `parent_id` tells replies. */
  readonly messages: readonly Message[];
  readonly atStart: boolean;
  readonly atEnd: boolean;
  readonly loading: 'initial' | 'older' | 'newer' | null;
  readonly problem: Refusal | null;
  readonly loadOlder: () => void;
  readonly loadNewer: () => void;
  /** Moves the window so that it contains the seq; resolves when it does. */
  readonly jumpTo: (seq: number) => Promise<void>;
  readonly jumpToNewest: () => Promise<void>;
}

/** A message and the replies under it, all pages loaded on demand. */
export interface ThreadView {
  readonly parent: Message | null;
  readonly replies: readonly Message[];
  readonly complete: boolean;
  readonly loading: boolean;
  readonly problem: Refusal | null;
  readonly loadMore: () => void;
}

export interface MembersView {
  /** Those who are in it, by role and then by name. */
  readonly members: readonly Member[];
  readonly complete: boolean;
  readonly loading: boolean;
  readonly problem: Refusal | null;
  readonly loadMore: () => void;
}

/** How far a member other than oneself has received and read. */
export interface ReceiptEntry {
  readonly userId: string;
  readonly delivered: number;
  readonly read: number;
}

/** Everything that changes something. What is asynchronous rejects with a `Refusal`. */
export interface Actions {
  /** Joins this browser to a session that was just opened. */
  signIn(grant: Grant): Promise<void>;
  /** Ends the session on the server as well, if it can be reached, and forgets everything in this browser. */
  signOut(): Promise<void>;

  /** Queues a message, also offline. Returns its client id at once; it is on the screen before anything is sent. */
  send(conversationId: string, body: string, parentId?: string, files?: readonly Upload[]): string;
  /** What can be done with files; its code is loaded when it is first asked for. */
  files(): Promise<FileDesk>;
  retry(clientId: string): void;
  discard(clientId: string): void;
  edit(message: Message, body: string): Promise<void>;
  remove(message: Message): Promise<void>;
  /** Shown at once, taken back if refused. */
  react(message: Message, emoji: string, on: boolean): Promise<void>;
  pin(message: Message, on: boolean): Promise<void>;
  follow(message: Message, on: boolean): Promise<void>;
  forward(message: Message, conversationId: string): Promise<void>;
  /** One's whole choice in a poll, by the places of the options; none takes the vote back. */
  vote(message: Message, options: readonly number[]): Promise<void>;
  closePoll(message: Message): Promise<void>;
  removePreviews(message: Message): Promise<void>;

  /** Marks as read up to `seq`, or everything. At once on the screen, told to the server soon, also after being offline. */
  markRead(conversationId: string, seq?: number): void;
  typing(conversationId: string, on: boolean): void;
  setActivity(activity: Activity): void;
  /** `from`: the draft that was changed into this, in case another device or tab has changed it meanwhile. */
  setDraft(key: DraftKey, text: string, from?: string): void;
  /** From now on drafts are the same on all devices; its code is loaded when it is asked for. */
  exchangeDrafts(): Promise<void>;

  createConversation(create: ConversationCreate): Promise<Conversation>;
  /** The direct conversation with somebody, made if there is none. */
  openDirect(userId: string): Promise<Conversation>;
  updateConversation(id: string, update: ConversationUpdate): Promise<void>;
  removeConversation(id: string): Promise<void>;
  join(id: string): Promise<void>;
  leave(id: string): Promise<void>;
  /** By an invitation's code; the answer is the conversation joined, or null for an invitation onto the server only. */
  joinByInvitation(code: string): Promise<Conversation | null>;
  addMember(id: string, userId: string): Promise<void>;
  updateMember(id: string, userId: string, update: MemberUpdate): Promise<void>;
  removeMember(id: string, userId: string): Promise<void>;
  /** One's own settings for a conversation: favourite, mute. Shown at once. */
  updateMembership(id: string, update: MembershipUpdate): Promise<void>;

  requestContact(userId: string): Promise<void>;
  acceptContact(userId: string): Promise<void>;
  removeContact(userId: string): Promise<void>;
  block(userId: string, on: boolean): Promise<void>;

  updateProfile(update: ProfileUpdate): Promise<void>;
  updateAccount(update: AccountUpdate): Promise<void>;
  /** Erases the account on the server; what was erased. Signing out of this browser is up to the caller. */
  deleteAccount(password: string): Promise<DeletionReport>;
}

/** Drafts are kept per conversation (its id) and per thread in it (`conversation/parent`). */
export type DraftKey = string;

/**
 * The public REST API for what is not synced (sessions, tokens, bots, invitations, searching, administration). Paths are
 * below `/api/v1`. Adds the access token, refreshes it when needed, and gives every POST an idempotency key.
 */
export interface Api {
  get<T>(path: string, query?: Readonly<Record<string, string | number | undefined>>, signal?: AbortSignal): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  put<T>(path: string, body?: unknown): Promise<T>;
  delete<T = void>(path: string): Promise<T>;
  /** Something that is no JSON, to be saved. `name`: what the server calls it. */
  file(path: string): Promise<{ blob: Blob; name: string | null }>;
}

/** The hooks that `index.ts` exports. Each renders its component again only when what it returns has changed. */
export interface Hooks {
  useSession(): SessionState;
  useConnection(): Connection;
  useAccount(): Account | null;
  /** All of one's conversations, the most recently active first; null until they are known. */
  useConversations(): readonly ConversationEntry[] | null;
  useConversation(id: string): ConversationEntry | null;
  /** What waits in the outbox for a conversation (`parentId` null) or a thread in it, in the order it will be sent. */
  usePending(conversationId: string, parentId: string | null): readonly Pending[];
  /** Starts at `at` (a seq), or at the newest messages. */
  useTimeline(conversationId: string, at: number | null): TimelineView;
  useThread(conversationId: string, parentId: string): ThreadView;
  /** A message that is held, by its seq. */
  useMessage(conversationId: string, seq: number): Message | null;
  usePins(conversationId: string): { messages: readonly Message[]; loading: boolean };
  useMembers(conversationId: string): MembersView;
  useReceipts(conversationId: string): readonly ReceiptEntry[];
  useTyping(conversationId: string): readonly string[];
  /** Somebody's name and face. Unknown ones are fetched, many at a time; null until then. */
  useUser(userId: string): UserSummary | null;
  /** The full profile, fetched when it is not known. */
  useProfile(userId: string): User | null;
  /** Watches while mounted; null while unknown. */
  usePresence(userId: string): Presence | null;
  /** Relations that stand for something, blocks included. */
  useContacts(): readonly Contact[] | null;
  /** A number that grows whenever something of this kind has changed on any device: ask for it again then. */
  useOwnChanges(noun: 'drafts' | 'scheduled' | 'reminders' | 'saved' | 'emoji'): number;
  /** What came of a slash command, by the id of its invocation; null until it was answered. */
  useAnswered(invocationId: string): CommandAnswered | null;
  useDraft(key: DraftKey): string;
  /** The files that wait in a composer (its draft key) or go with a message (its client id), in their order. */
  useUploads(place: string): readonly Upload[];
  /** The keys of conversations that have a draft. */
  useDraftKeys(): ReadonlySet<string>;
}
