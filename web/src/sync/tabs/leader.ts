// The tab that leads: it holds the connection and the outbox, writes the disk, and plays the server for the others.

import type { Ack, Command, Event } from '@/protocol.gen';
import { Driver } from '../driver/driver';
import type { Queue } from '../driver/queue';
import { Opener } from '../link/open';
import { asRefusal } from '../refusal';
import { Writer } from '../storage/writer';
import type { Store } from '../store';
import type { Bus, Told, Word } from './bus';

export class Leader {
  readonly driver: Driver;
  private readonly writer: Writer;
  private readonly watchers = new Map<string, readonly string[]>();
  /** The last `ready` that the server gave: how followers know epoch, user and session. */
  private ready: (Event & { type: 'ready' }) | null = null;
  /** Whether it knows what waits. Before that it has nothing to tell. */
  private begun = false;
  private stopped = false;
  private readonly unlisten: () => void;

  constructor(
    private readonly store: Store,
    private readonly queue: Queue,
    private readonly bus: Bus,
    private readonly watched: () => readonly string[],
  ) {
    this.driver = new Driver(store, queue, new Opener(store.rest), { event: (event) => this.pass(event) }, () =>
      this.all(),
    );
    this.writer = new Writer(store);
    const connection = () => bus.say({ is: 'connection', connection: store.connection });
    const queued = () => {
      if (this.begun) bus.say({ is: 'queued', queued: queue.queued() });
    };
    const stops = [store.hub.listen(['connection'], connection), store.hub.listen(['queue'], queued)];
    this.unlisten = () => stops.forEach((stop) => stop());
  }

  async start(): Promise<void> {
    await this.queue.lead();
    if (this.stopped) return;
    this.begun = true;
    this.announce();
    this.driver.start();
  }

  stop(): void {
    this.stopped = true;
    this.driver.stop();
    this.unlisten();
    this.writer.stop();
  }

  async written(): Promise<void> {
    await this.writer.write();
  }

  async command(command: Command): Promise<Ack> {
    return await this.driver.command(command);
  }

  watch(): void {
    this.driver.watch();
  }

  hear(word: Word, from: string): void {
    switch (word.is) {
      case 'who':
        this.announce();
        break;
      case 'ping':
        this.bus.say({ is: 'pong', to: from });
        break;
      case 'push':
        this.queue.take(word.draft);
        this.driver.send();
        break;
      case 'retry':
      case 'discard':
        this.queue.carryOut(word);
        this.driver.send();
        break;
      case 'command':
        void this.answer(word.id, word.command, from);
        break;
      case 'watch':
        this.watchers.set(from, word.users);
        this.driver.watch();
        break;
      case 'bye':
        if (this.watchers.delete(from)) this.driver.watch();
        break;
      default:
        break;
    }
  }

  private async answer(id: number, command: Command, to: string): Promise<void> {
    try {
      this.bus.say({ is: 'answer', to, id, ack: await this.driver.command(command) });
    } catch (thrown) {
      this.bus.say({ is: 'answer', to, id, problem: told(thrown) });
    }
  }

  private pass(event: Event): void {
    if (event.type === 'ready') {
      this.ready = event;
      this.announce();
    } else {
      this.bus.say({ is: 'event', event });
    }
  }

  /** Says where things stand: what this tab has is what the others can have. */
  private announce(): void {
    if (!this.begun) return;
    const { state } = this.store;
    const ids = this.ready === null ? [] : Object.keys(this.ready.heads);
    const heads = Object.fromEntries(
      ids
        .filter((id) => state.room(id) !== null || state.list() === null)
        .map((id) => [id, Math.max(state.cursor(id), this.ready?.heads[id] ?? 0)]),
    );
    for (const id of state.list() ?? []) heads[id] ??= state.cursor(id);
    const ready = this.ready === null ? null : { ...this.ready, heads, version: state.version() };
    this.bus.say({ is: 'lead', ready, connection: this.store.connection, queued: this.queue.queued() });
  }

  private all(): readonly string[] {
    const users = new Set(this.watched());
    for (const more of this.watchers.values()) more.forEach((user) => users.add(user));
    return [...users].slice(0, 1000);
  }
}

function told(thrown: unknown): Told {
  const { code, status, detail, field, retryAfter } = asRefusal(thrown);
  return { code, status, detail: detail ?? null, field: field ?? null, retry_after: retryAfter ?? null };
}
