// What the model answers, and what it tells a new connection.

import type { Account, Changes, ConversationView, Event, Member, Message, OwnChanges } from '@/protocol.gen';
import type { Resume, Window } from '../types';
import { type Log, ME, membershipOf, type Model, seen, typeOf } from './model';

/** A page of `changes`, small so that several pages are common. */
const PAGE = 4;

/** More than this is not replayed over a new connection. */
const REPLAY = 6;

/** Nor is anything over a distance like this. */
const FAR = 10_000;

export function messages(log: Log): Message[] {
  return [...log.posts.values()].map((post) => seen(post, true)).toSorted((one, other) => one.seq - other.seq);
}

export function view(model: Model, id: string): ConversationView | null {
  if (!model.isIn(id)) return null;
  const log = model.log(id);
  const last = messages(log).findLast((message) => typeof message.deleted_at !== 'string');
  return { ...log.conversation, seq: log.head, membership: membershipOf(log), last_message: last ?? null };
}

export function account(model: Model): Account {
  const user = {
    id: ME,
    username: 'u1',
    display_name: '',
    about: '',
    avatar: null,
    time_zone: null,
    status: null,
    bot: false,
    server_role: 'member' as const,
    created_at: '1970-01-01T00:00:00.000Z',
  };
  return { user, email: null, privacy: {}, version: model.version };
}

export function members(log: Log): Member[] {
  return [...log.members.values()].filter((member) => member.state === 'joined');
}

export function changes(model: Model, id: string, after: number): Changes | null {
  if (!model.isIn(id)) return null;
  const log = model.log(id);
  const items = allChanges(log, after);
  const more = items.length > PAGE;
  const page = items.slice(0, PAGE);
  return { items: page.map(({ event }) => event), head: log.head, next: more ? (page.at(-1)?.seq ?? null) : null };
}

function allChanges(log: Log, after: number): { seq: number; event: Event }[] {
  const { conversation } = log;
  const { id: conversation_id } = conversation;
  const told = [
    ...messages(log).map((message) => {
      const seq = message.changed;
      return { seq, event: { type: typeOf(message), conversation_id, seq, message } };
    }),
    ...[...log.members.values()].map((member) => {
      const type = member.state === 'joined' ? ('member.updated' as const) : ('member.removed' as const);
      return { seq: member.changed, event: { type, conversation_id, seq: member.changed, member } };
    }),
    {
      seq: conversation.changed,
      event: { type: 'conversation.updated' as const, conversation_id, seq: conversation.changed, conversation },
    },
  ];
  return told.filter(({ seq }) => seq > after).toSorted((one, other) => one.seq - other.seq);
}

export function ownChanges(model: Model, after: number): OwnChanges {
  const { contact } = model;
  const told = [
    ...[...model.logs.values()].map((log) => {
      const membership = membershipOf(log);
      const { version } = membership;
      return { version, event: { type: 'membership.updated' as const, version, membership } };
    }),
    { version: contact.version, event: { type: 'contact.updated' as const, version: contact.version, contact } },
  ];
  const items = told.filter(({ version }) => version > after).toSorted((one, other) => one.version - other.version);
  const page = items.slice(0, PAGE);
  const next = items.length > PAGE ? (page.at(-1)?.version ?? null) : null;
  return { items: page.map(({ event }) => event), next, head: model.version };
}

/** As the server's store reads a page. */
export function history(log: Log, window: Window, limit: number): Message[] {
  const all = messages(log);
  const before = (seq: number, count: number) => {
    const older = all.filter((message) => message.seq < seq);
    return older.slice(Math.max(0, older.length - count));
  };
  const after = (seq: number, count: number) => all.filter((message) => message.seq > seq).slice(0, count);
  if ('before' in window) return before(window.before, limit);
  if ('after' in window) return after(window.after, limit);
  if (!('around' in window)) return before(Infinity, limit);
  const half = before(window.around, Math.floor(limit / 2));
  const page = [...half, ...after(window.around - 1, limit - half.length)];
  return [...before(page[0]?.seq ?? window.around, limit - page.length), ...page];
}

/** Everything that a new connection is told: `ready`, what was missed, `synced`. */
export function welcome(model: Model, resume: Resume): Event[] {
  const joined = [...model.logs].filter(([id]) => model.isIn(id));
  const heads = Object.fromEntries(joined.map(([id, log]) => [id, log.head]));
  const isSame = resume.epoch === `${model.epoch}`;
  const cursors = Object.entries((isSame ? resume.cursors : null) ?? {});
  const reset = cursors.filter(([id, cursor]) => cursor > (heads[id] ?? -1)).map(([id]) => id);
  const events: Event[] = [
    {
      type: 'ready',
      connection_id: 'c',
      user_id: ME,
      session_id: '1',
      epoch: `${model.epoch}`,
      version: model.version,
      reset,
      heads,
      heartbeat_seconds: 30,
    },
  ];
  for (const [id, cursor] of cursors) {
    if (!model.isIn(id)) continue;
    const { head } = model.log(id);
    const missed = allChanges(model.log(id), cursor);
    if (missed.length > REPLAY || head - cursor > FAR) {
      events.push({ type: 'conversation.behind', conversation_id: id, head });
    } else {
      events.push(...missed.map(({ event }) => event));
    }
  }
  let after = isSame ? resume.version : null;
  while (after !== null) {
    const page = ownChanges(model, after);
    events.push(...page.items);
    after = page.next ?? null;
  }
  return [...events, { type: 'synced' }];
}
