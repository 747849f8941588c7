// A tiny server to measure a state against: the logs of a few conversations as one user, `ME`, sees them.

import type { Contact, Conversation, Event, Member, Membership, Message, ReactionChange } from '@/protocol.gen';

export const ME = '1';
const OTHER = '2';
const TIME = '1970-01-01T00:00:00.000Z';

interface Post {
  message: Message;
  readonly reactors: Map<string, Set<string>>;
  followed: boolean;
}

export interface Log {
  conversation: Conversation;
  head: number;
  readonly posts: Map<number, Post>;
  readonly members: Map<string, Member>;
  membership: Membership;
}

const summary = (id: string) => ({ id, username: `u${id}`, display_name: '' });

export class Model {
  epoch = 1;
  version = 0;
  logs = new Map<string, Log>();
  contact: Contact = { user: summary(OTHER), state: 'none', blocked: false, version: 0 };
  private lastId = 100;

  constructor(private readonly rooms: number) {
    this.begin();
  }

  /** A restored backup: another epoch, and the newest of everything is lost. */
  restore(): void {
    this.epoch += 1;
    this.begin();
  }

  private begin(): void {
    this.version = 0;
    this.contact = { ...this.contact, blocked: false, version: 0 };
    this.logs = new Map(Array.from({ length: this.rooms }, (_, at) => [`${at + 1}`, this.create(`${at + 1}`)]));
  }

  private create(id: string): Log {
    this.version += 1;
    const conversation: Conversation = {
      id,
      type: 'group',
      name: 'a',
      topic: null,
      avatar: null,
      public: false,
      read_only: false,
      slow_mode_seconds: 0,
      expire_seconds: null,
      created_by: ME,
      created_at: TIME,
      archived_at: null,
      changed: 1,
      member_count: 2,
    };
    const member = (user: string, changed: number): Member => ({
      conversation_id: id,
      user: summary(user),
      role: 'member',
      state: 'joined',
      joined_at: TIME,
      muted_until: null,
      changed,
      delivered: 0,
      read: 0,
    });
    const membership: Membership = {
      conversation_id: id,
      role: 'member',
      state: 'joined',
      joined_at: TIME,
      muted_until: null,
      notifications_muted_until: null,
      notify: 'default',
      delivered: 0,
      read: 3,
      unread: 0,
      mentions: 0,
      favourite: false,
      version: this.version,
    };
    const members = new Map([
      [ME, member(ME, 2)],
      [OTHER, member(OTHER, 3)],
    ]);
    return { conversation, head: 3, posts: new Map(), members, membership };
  }

  pick(room: number): { id: string; log: Log } {
    const id = `${(room % this.rooms) + 1}`;
    return { id, log: this.log(id) };
  }

  log(id: string): Log {
    const log = this.logs.get(id);
    if (log === undefined) throw new Error(`there is no log ${id}`);
    return log;
  }

  isIn(id: string): boolean {
    return this.logs.get(id)?.membership.state === 'joined';
  }

  post(room: number, by: string, reply: number | null, mention: boolean): Event[] {
    this.lastId += 1;
    const { id, log } = this.pick(room);
    const found = reply === null ? undefined : living(log, reply);
    const parent = found === undefined || typeof found.message.parent_id === 'string' ? undefined : found;
    log.head += 1;
    const message: Message = {
      id: `${this.lastId}`,
      conversation_id: id,
      seq: log.head,
      changed: log.head,
      sender_id: by,
      client_id: `${this.lastId}`,
      type: 'text',
      body: 'hello',
      created_at: TIME,
      edited_at: null,
      deleted_at: null,
      parent_id: parent === undefined ? null : parent.message.id,
      last_reply_at: null,
      pinned_at: null,
      reply_count: 0,
      reactions: [],
      attachments: [],
      mentions: mention ? [ME] : [],
    };
    const post: Post = { message, reactors: new Map(), followed: false };
    log.posts.set(log.head, post);
    const events = [told(post, by)];
    if (parent !== undefined) {
      parent.followed ||= by === ME;
      events.push(...change(log, parent, by, { reply_count: parent.message.reply_count + 1 }));
    }
    return events;
  }

  edit(room: number, nth: number, mention: boolean): Event[] {
    const { log } = this.pick(room);
    const post = living(log, nth);
    const edited = { body: `edited at ${log.head + 1}`, edited_at: TIME, mentions: mention ? [ME] : [] };
    return post === undefined ? [] : change(log, post, post.message.sender_id, edited);
  }

  delete(room: number, nth: number): Event[] {
    const { log } = this.pick(room);
    const post = living(log, nth);
    post?.reactors.clear();
    return post === undefined
      ? []
      : change(log, post, post.message.sender_id, { body: '', deleted_at: TIME, mentions: [], pinned_at: null });
  }

  pin(room: number, nth: number): Event[] {
    const { log } = this.pick(room);
    const post = living(log, nth);
    if (post === undefined) return [];
    return change(log, post, OTHER, { pinned_at: typeof post.message.pinned_at === 'string' ? null : TIME });
  }

  react(room: number, nth: number, by: string, emoji: string): Event[] {
    const { log } = this.pick(room);
    const post = living(log, nth);
    if (post === undefined) return [];
    const who = post.reactors.get(emoji) ?? new Set();
    const added = !who.has(by);
    if (added) who.add(by);
    else who.delete(by);
    post.reactors.set(emoji, who);
    return change(log, post, by, {}, { user_id: by, emoji, added });
  }

  rename(room: number, seqs = 1): Event[] {
    const { id, log } = this.pick(room);
    log.head += seqs;
    log.conversation = { ...log.conversation, changed: log.head, name: `named at ${log.head}` };
    return [{ type: 'conversation.updated', conversation_id: id, seq: log.head, conversation: log.conversation }];
  }

  /** Lets a member leave, or come (back). */
  toggle(room: number, user: string): Event[] {
    const { id, log } = this.pick(room);
    log.head += 1;
    const held = log.members.get(user);
    const joins = held?.state !== 'joined';
    const state = joins ? 'joined' : 'left';
    const changed = { conversation_id: id, user: summary(user), state, changed: log.head } as const;
    const fresh = { role: 'member', joined_at: TIME, muted_until: null, delivered: 0, read: 0 } as const;
    const member: Member = { ...fresh, ...held, ...changed };
    log.members.set(user, member);
    const type = joins ? 'member.added' : 'member.removed';
    const events: Event[] = [{ type, conversation_id: id, seq: log.head, member }];
    if (user === ME) {
      const read = Math.max(log.membership.read, joins ? log.head : 0);
      events.push(this.own(log, { state, read }));
    }
    return events;
  }

  read(room: number, back: number): Event[] {
    const { id, log } = this.pick(room);
    const to = log.head - back;
    return to <= log.membership.read || !this.isIn(id) ? [] : [this.own(log, { read: to })];
  }

  private own(log: Log, update: Partial<Membership>): Event {
    this.version += 1;
    log.membership = { ...log.membership, ...update, version: this.version };
    return { type: 'membership.updated', version: this.version, membership: membershipOf(log) };
  }

  block(): Event[] {
    this.version += 1;
    this.contact = { ...this.contact, blocked: !this.contact.blocked, version: this.version };
    return [{ type: 'contact.updated', version: this.version, contact: this.contact }];
  }
}

/** One's own changes come with one's own flags, live. */
function told(post: Post, by: string, reaction?: ReactionChange): Event {
  const message = seen(post, by === ME);
  const type = typeOf(message);
  return { type, conversation_id: message.conversation_id, seq: message.changed, message, reaction: reaction ?? null };
}

export function typeOf(message: Message): 'message.deleted' | 'message.sent' | 'message.updated' {
  if (typeof message.deleted_at === 'string') return 'message.deleted';
  return message.seq === message.changed ? 'message.sent' : 'message.updated';
}

function change(log: Log, post: Post, by: string, update: Partial<Message>, reaction?: ReactionChange): Event[] {
  log.head += 1;
  post.message = { ...post.message, ...update, changed: log.head };
  return [told(post, by, reaction)];
}

function living(log: Log, nth: number): Post | undefined {
  const posts = [...log.posts.values()].filter(({ message }) => typeof message.deleted_at !== 'string');
  return posts.length === 0 ? undefined : posts[nth % posts.length];
}

/** A post as the user gets it, or as everybody does. */
export function seen(post: Post, own: boolean): Message {
  const reactions = [...post.reactors]
    .filter(([, who]) => who.size > 0)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([emoji, who]) => ({ emoji, count: who.size, me: own ? who.has(ME) : null }));
  return { ...post.message, reactions, following: own && post.followed };
}

export function membershipOf(log: Log): Membership {
  const after = [...log.posts.values()]
    .map(({ message }) => message)
    .filter(({ seq, sender_id, deleted_at }) => seq > log.membership.read && sender_id !== ME && !deleted_at);
  const unread = after.filter(({ parent_id }) => typeof parent_id !== 'string').length;
  const mentions = after.filter((message) => message.mentions?.includes(ME) === true).length;
  return { ...log.membership, unread, mentions };
}
