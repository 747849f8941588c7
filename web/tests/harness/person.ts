// Somebody who uses the server through its API: what tests need besides those who sit before a browser.

import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type {
  Conversation,
  ConversationCreate,
  Event,
  File,
  Grant,
  Invitation,
  Message,
  Page,
  Session,
  User,
} from '@/protocol.gen';
import type { Server } from './server';

export const PASSWORD = 'correct horse battery';

export class Person {
  private constructor(
    private readonly server: Server,
    readonly user: User,
    private readonly token: string,
  ) {}

  get id(): string {
    return this.user.id;
  }

  get username(): string {
    return this.user.username;
  }

  get name(): string {
    return this.user.display_name;
  }

  readonly password = PASSWORD;

  static async register(server: Server, username: string, displayName = capital(username), invitation?: string) {
    const grant = await request<Grant>(server, null, 'POST', '/auth/register', {
      username,
      password: PASSWORD,
      display_name: displayName,
      invitation,
    });
    return new Person(server, grant.user, grant.access_token);
  }

  /** Somebody who has a token already, such as a bot. */
  static with(server: Server, user: User, token: string): Person {
    return new Person(server, user, token);
  }

  call<T = void>(method: string, path: string, body?: unknown): Promise<T> {
    return request<T>(this.server, this.token, method, path, body);
  }

  create(create: ConversationCreate): Promise<Conversation> {
    return this.call('POST', '/conversations', create);
  }

  direct(other: Person): Promise<Conversation> {
    return this.create({ type: 'direct', members: [other.id] });
  }

  group(name: string, ...others: readonly Person[]): Promise<Conversation> {
    return this.create({ type: 'group', name, members: others.map((other) => other.id) });
  }

  channel(name: string, isPublic = true): Promise<Conversation> {
    return this.create({ type: 'channel', name, public: isPublic });
  }

  send(conversation: { id: string }, body: string, parent?: Message): Promise<Message> {
    const send = { client_id: randomUUID(), body, ...(parent && { parent_id: parent.id }) };
    return this.call('POST', `/conversations/${conversation.id}/messages`, send);
  }

  /** Uploads a file, and waits until it can be used. */
  async upload(name: string, content: Buffer, purpose = 'message'): Promise<string> {
    const said = Object.entries({ filename: name, purpose }).map(([key, value]) => `${key} ${btoa(value)}`);
    const answer = await fetch(`${this.server.url}/api/v1/uploads`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.token}`,
        'tus-resumable': '1.0.0',
        'upload-length': String(content.length),
        'upload-metadata': said.join(','),
        'content-type': 'application/offset+octet-stream',
      },
      body: new Uint8Array(content),
    });
    const id = answer.headers.get('location')?.split('/').at(-1);
    if (!answer.ok || !id) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
    for (;;) {
      const { state } = await this.call<File>('GET', `/files/${id}`);
      if (state === 'refused') throw new Error(`${name} is refused`);
      if (state === 'ready') return id;
      await setTimeout(20);
    }
  }

  reply(parent: Message, body: string): Promise<Message> {
    return this.send({ id: parent.conversation_id }, body, parent);
  }

  react(message: Message, emoji: string): Promise<void> {
    return this.call('PUT', `/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`);
  }

  join(conversation: { id: string }): Promise<void> {
    return this.call('POST', `/conversations/${conversation.id}/join`);
  }

  read(conversation: { id: string }): Promise<void> {
    return this.call('PUT', `/conversations/${conversation.id}/read`, {});
  }

  /** The newest texts of a conversation as the server has them, oldest first. */
  async texts(conversation: { id: string }): Promise<string[]> {
    const page = await this.call<Page<Message>>('GET', `/conversations/${conversation.id}/messages?limit=200`);
    return page.items.filter((message) => message.type === 'text').map((message) => message.body);
  }

  sessions(): Promise<Page<Session>> {
    return this.call('GET', '/me/sessions');
  }

  invite(conversation: { id: string }): Promise<Invitation> {
    return this.call('POST', `/conversations/${conversation.id}/invitations`, {});
  }

  /** Sends many messages over one connection without waiting for each; resolves when all are acknowledged. */
  async post(conversation: { id: string }, bodies: Iterable<string>): Promise<void> {
    const socket = await this.connect();
    const waiting = bodies[Symbol.iterator]();
    let open = 0;
    let exhausted = false;
    await new Promise<void>((resolve, reject) => {
      const more = () => {
        while (open < 256 && !exhausted) {
          const next = waiting.next();
          if (next.done) {
            exhausted = true;
            break;
          }
          open += 1;
          const id = randomUUID();
          socket.send(
            JSON.stringify({
              type: 'message.send',
              id,
              conversation_id: conversation.id,
              client_id: id,
              body: next.value,
            }),
          );
        }
        if (exhausted && open === 0) resolve();
      };
      socket.on('message', (data: Buffer) => {
        const event = JSON.parse(data.toString('utf8')) as Event;
        if (event.type === 'error') reject(new Error(`refused: ${event.code} ${event.detail ?? ''}`));
        if (event.type !== 'ack') return;
        open -= 1;
        more();
      });
      socket.once('close', (code) => reject(new Error(`closed with ${code}`)));
      more();
    });
    socket.close();
  }

  /** A connection that has said hello. */
  async connect(): Promise<WebSocket> {
    const socket = new WebSocket(`ws://${this.server.host}/api/v1/ws`);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => socket.send(JSON.stringify({ type: 'hello', token: this.token })));
      socket.once('message', () => resolve());
      socket.once('error', reject);
    });
    return socket;
  }
}

async function request<T>(
  server: Server,
  token: string | null,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const answer = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  // The caller knows what the path answers; some answer nothing.
  return (text ? JSON.parse(text) : undefined) as T;
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
