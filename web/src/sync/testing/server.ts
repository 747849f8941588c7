// A small stand-in for the server, for tests of what does not need the real one: it answers the few requests that a start
// makes, and pushes what a test tells it to.

import type { ConversationView, Event, Grant, Message, User } from '@/protocol.gen';
import type { Env } from '../env';

const NOW = '2030-01-01T00:00:00.000Z';

const ME: User = {
  id: '1',
  username: 'ann',
  display_name: 'Ann',
  about: '',
  avatar: null,
  time_zone: null,
  status: null,
  bot: false,
  created_at: NOW,
  server_role: 'member',
};

export function conversationView(id: string, name: string): ConversationView {
  return {
    id,
    name,
    topic: null,
    avatar: null,
    archived_at: null,
    type: 'group',
    changed: 1,
    created_at: NOW,
    created_by: ME.id,
    member_count: 2,
    public: false,
    read_only: false,
    slow_mode_seconds: 0,
    expire_seconds: null,
    seq: 1,
    membership: {
      conversation_id: id,
      delivered: 1,
      read: 1,
      favourite: false,
      joined_at: NOW,
      muted_until: null,
      notifications_muted_until: null,
      notify: 'default',
      mentions: 0,
      unread: 0,
      role: 'member',
      state: 'joined',
      version: 1,
    },
    last_message: null,
  };
}

export class FakeServer {
  views: readonly ConversationView[] = [];
  readonly asked: string[] = [];
  /** Answers to paths, instead of the usual ones. */
  readonly answers = new Map<string, () => Response | Promise<Response>>();
  readonly grant: Grant = {
    user: ME,
    session_id: '9',
    access_token: 'access',
    refresh_token: 'refresh',
    expires_in: 900,
  };
  private readonly heads = new Map<string, number>();
  private socket: FakeSocket | null = null;
  private running = 0;

  env(): Env {
    return {
      origin: 'http://server',
      // Only addresses are asked for as text.
      fetch: async (input) => await this.answer(input as string),
      socket: () => {
        this.socket = new FakeSocket((socket) => this.greet(socket));
        // The link uses no more of a socket than this has.
        return this.socket as unknown as WebSocket;
      },
      stored: true,
      notes: localStorage,
      locks: null,
      channel: () => null,
      online: () => true,
      visible: () => true,
      listen: () => () => undefined,
      random: () => 0,
      now: () => Date.now(),
    };
  }

  isIdle(): boolean {
    return this.running === 0 && this.socket !== null;
  }

  push(event: Event): void {
    this.socket?.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(event) }));
  }

  /** A message as somebody else has written it. */
  written(id: string, seq: number, body: string): Message {
    return {
      id: `${id}${seq}`,
      conversation_id: id,
      seq,
      changed: seq,
      sender_id: '2',
      client_id: `c${seq}`,
      type: 'text',
      body,
      created_at: NOW,
      edited_at: null,
      deleted_at: null,
      parent_id: null,
      last_reply_at: null,
      pinned_at: null,
      reactions: [],
      attachments: [],
      reply_count: 0,
    };
  }

  /** Somebody else posts a message. */
  message(id: string, body: string): void {
    const seq = (this.heads.get(id) ?? 1) + 1;
    this.heads.set(id, seq);
    const message = this.written(id, seq, body);
    this.push({ type: 'message.sent', conversation_id: id, seq, message });
  }

  private greet(socket: FakeSocket): void {
    const heads = Object.fromEntries(this.views.map(({ id, seq }) => [id, seq]));
    const ready = { connection_id: '1', user_id: ME.id, session_id: '9', epoch: 'e', version: 1, heads };
    const event: Event = { type: 'ready', heartbeat_seconds: 30, ...ready };
    socket.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(event) }));
  }

  private async answer(address: string): Promise<Response> {
    const { pathname } = new URL(address);
    const path = pathname.replace('/api/v1', '');
    this.asked.push(path);
    this.running += 1;
    // Answers take a moment, as they do everywhere.
    await Promise.resolve();
    this.running -= 1;
    const given = this.answers.get(path);
    if (given !== undefined) return await given();
    if (path === '/me') return json({ user: ME, privacy: {}, version: 1 });
    if (path === '/conversations') return json({ items: this.views, next: null });
    if (path.endsWith('/changes')) return json({ items: [], head: 1, next: null });
    if (path.endsWith('/thread')) return problem('not_found', 404);
    return json({ items: [], next: null });
  }
}

export function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json' } });
}

export function problem(code: string, status: number, more: object = {}): Response {
  return json({ type: `about:blank#${code}`, title: code, code, status, ...more }, status);
}

class FakeSocket extends EventTarget {
  readonly readyState = 1;

  constructor(private readonly hello: (socket: FakeSocket) => void) {
    super();
    queueMicrotask(() => this.dispatchEvent(new Event('open')));
  }

  send(text: string): void {
    const frame = JSON.parse(text) as { type: string; id?: number };
    if (frame.type === 'hello') queueMicrotask(() => this.hello(this));
  }

  close(): void {
    this.dispatchEvent(new Event('close'));
  }
}
