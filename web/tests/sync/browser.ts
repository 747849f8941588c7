// A browser with tabs, simulated: one database, one set of locks and channels, and a network that can be taken away.

import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { WebSocket as NodeSocket } from 'ws';
import type { Grant } from '@/protocol.gen';
import type { Env, Wake } from '@/sync/env';
import { Sync } from '@/sync/sync';
import { TimelineWindow } from '@/sync/views/timeline';
import { Locks } from './locks';
import { Proxy } from './proxy';
import type { Server } from './server';
import { until } from './until';

let browsers = 0;

export class Browser {
  readonly locks = new Locks();
  readonly proxy: Proxy;
  readonly tabs: Tab[] = [];
  readonly name = `browser-${(browsers += 1)}`;
  readonly notes = new Map<string, string>();
  hasLocks = true;
  hasSockets = true;
  stored = true;

  private constructor(readonly server: Server) {
    this.proxy = new Proxy(server.port);
    // The library works on the global one, so there is one browser with a database at a time.
    globalThis.indexedDB = new IDBFactory();
  }

  static async open(server: Server): Promise<Browser> {
    const browser = new Browser(server);
    await browser.proxy.open();
    return browser;
  }

  async tab(): Promise<Tab> {
    const tab = new Tab(this);
    this.tabs.push(tab);
    await tab.sync.start();
    return tab;
  }

  async close(): Promise<void> {
    await Promise.all(this.tabs.map((tab) => tab.close()));
    this.proxy.close();
  }
}

export class Tab {
  readonly name = crypto.randomUUID();
  readonly sync: Sync;
  private readonly sockets = new Set<NodeSocket>();
  private readonly channels = new Set<BroadcastChannel>();
  private heard: ((wake: Wake) => void) | null = null;
  private alive = true;
  private ahead = 0;
  private frozen = false;
  /** What reaches a frozen tab waits until it thaws. */
  private late: (() => void)[] = [];

  constructor(readonly browser: Browser) {
    this.sync = new Sync(this.env());
  }

  wake(wake: Wake): void {
    this.heard?.(wake);
  }

  /** Closed as a user closes it. */
  async close(): Promise<void> {
    if (!this.alive) return;
    await this.sync.stop();
    this.alive = false;
  }

  /** Gone without a word: nothing of it runs any more. */
  crash(): void {
    this.alive = false;
    this.heard = null;
    for (const channel of this.channels) channel.close();
    for (const socket of this.sockets) socket.terminate();
    this.browser.locks.crash(this.name);
    // Nothing is left that it could do harm with; this only ends its timers.
    this.sync.current()?.store.disk.close();
    void this.sync.stop();
  }

  /** Nothing of it runs, until it is thawed. */
  freeze(): void {
    this.frozen = true;
  }

  thaw(): void {
    this.frozen = false;
    this.late.splice(0).forEach((work) => work());
  }

  /** Its clock goes on by so many milliseconds. */
  forward(milliseconds: number): void {
    this.ahead += milliseconds;
  }

  account() {
    const account = this.sync.current();
    if (account === null) throw new Error('nobody is signed in');
    return account;
  }

  async live(): Promise<void> {
    await until('the connection is live', () => this.sync.connection().phase === 'live');
  }

  timeline(id: string, at: number | null = null): TimelineWindow {
    const window = new TimelineWindow(this.account().store, this.account().views, id, at);
    window.subscribe(() => undefined);
    return window;
  }

  /** The bodies of the newest messages that are held. */
  bodies(id: string): string[] {
    const messages = this.account().store.state.timeline(id)?.messages ?? [];
    return messages.filter(({ type }) => type === 'text').map(({ body }) => body);
  }

  /** What a tab that has crashed would write is lost. */
  private notes(): Storage {
    const { notes } = this.browser;
    return {
      get length() {
        return notes.size;
      },
      key: (at) => [...notes.keys()][at] ?? null,
      getItem: (name) => notes.get(name) ?? null,
      setItem: (name, value) => void (this.alive && notes.set(name, value)),
      removeItem: (name) => void (this.alive && notes.delete(name)),
      clear: () => notes.clear(),
    };
  }

  private env(): Env {
    const { browser } = this;
    return {
      origin: browser.proxy.origin,
      fetch: (input, init) => (this.alive ? fetch(input, init) : new Promise<Response>(() => undefined)),
      socket: (url) => {
        const socket = new NodeSocket(browser.hasSockets ? url : url.replace('/ws', '/blocked'));
        this.sockets.add(socket);
        // The two agree in what is used of them.
        return socket as unknown as WebSocket;
      },
      stored: browser.stored,
      notes: this.notes(),
      locks: browser.hasLocks ? browser.locks.of(this.name) : null,
      channel: (name) => {
        const channel = new BroadcastChannel(`${browser.name}-${name}`);
        this.channels.add(channel);
        // A frozen tab hears and says nothing until it is thawed, and one that has crashed says nothing.
        const tab = {
          addEventListener: (type: string, listener: (event: Event) => void) =>
            channel.addEventListener(type, (event) => {
              if (this.frozen) this.late.push(() => listener(event));
              else listener(event);
            }),
          postMessage: (data: unknown) => {
            if (!this.alive) return;
            // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no origin to name
            const post = () => channel.postMessage(data);
            if (this.frozen) this.late.push(post);
            else post();
          },
          close: () => channel.close(),
        };
        return tab as unknown as BroadcastChannel;
      },
      online: () => true,
      visible: () => true,
      listen: (heard) => {
        this.heard = heard;
        return () => {
          this.heard = null;
        };
      },
      random: () => Math.random(),
      now: () => Date.now() + this.ahead,
    };
  }
}

/** A person by plain requests, without any of our client. */
export class Person {
  private constructor(
    readonly origin: string,
    readonly grant: Grant,
  ) {}

  static async register(origin: string, username: string): Promise<Person> {
    const body = JSON.stringify({ username, password: 'correct horse battery' });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${origin}/api/v1/auth/register`, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(await answer.text());
    return new Person(origin, (await answer.json()) as Grant);
  }

  get id(): string {
    return this.grant.user.id;
  }

  async login(): Promise<Grant> {
    return await this.ask<Grant>('POST', '/auth/login', {
      login: this.grant.user.username,
      password: 'correct horse battery',
    });
  }

  async send(id: string, body: string): Promise<{ id: string; seq: number }> {
    return await this.ask('POST', `/conversations/${id}/messages`, { client_id: crypto.randomUUID(), body });
  }

  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.origin}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.grant.access_token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
