// A tab that follows: it is the same client over another transport. The tab that leads plays the server: it says where
// things stand, and then passes on every event that it receives. What is missing is fetched by the same rule.

import type { Ack, Command, Event } from '@/protocol.gen';
import { Fetcher } from '../driver/fetcher';
import type { Queue } from '../driver/queue';
import { offline, Refused } from '../refusal';
import type { Store } from '../store';
import type { Bus, Word } from './bus';

interface Waiting {
  readonly done: (ack: Ack) => void;
  readonly refused: (thrown: unknown) => void;
}

/** A leader that does not answer for so long is frozen, and is replaced. */
const SILENCE = 5_000;

export class Follower {
  private readonly fetcher: Fetcher;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 0;
  private following = false;
  private silence: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly store: Store,
    private readonly queue: Queue,
    private readonly bus: Bus,
    private readonly watched: () => readonly string[],
    /** The leader does not answer. */
    private readonly silent: () => void,
  ) {
    this.fetcher = new Fetcher(
      store,
      (event) => this.meaning(event),
      () => undefined,
    );
  }

  start(): void {
    this.bus.say({ is: 'who' });
  }

  stop(): void {
    this.bus.say({ is: 'bye' });
    this.clearSilence();
    this.fetcher.reset();
    for (const { refused } of this.waiting.values()) refused(offline());
    this.waiting.clear();
    this.store.state.disconnected();
  }

  /** Asks whether the leader is alive. */
  check(): void {
    this.silence ??= setTimeout(() => {
      this.silence = null;
      this.silent();
    }, SILENCE);
    this.bus.say({ is: 'ping' });
  }

  hear(word: Word): void {
    this.clearSilence();
    switch (word.is) {
      case 'lead':
        this.lead(word.ready);
        this.queue.follow(word.queued);
        this.store.setConnection(word.connection);
        break;
      case 'event':
        if (this.following) this.event(word.event);
        break;
      case 'connection':
        this.store.setConnection(word.connection);
        break;
      case 'queued':
        this.queue.follow(word.queued);
        break;
      case 'answer': {
        const waiting = this.waiting.get(word.id);
        this.waiting.delete(word.id);
        if (word.ack !== undefined) waiting?.done(word.ack);
        else waiting?.refused(word.problem === undefined ? offline() : new Refused(word.problem));
        break;
      }
      default:
        break;
    }
    this.store.changed();
  }

  async command(command: Command): Promise<Ack> {
    if (!this.following) throw offline();
    this.nextId += 1;
    const id = this.nextId;
    this.bus.say({ is: 'command', id, command });
    return await new Promise<Ack>((done, refused) => this.waiting.set(id, { done, refused }));
  }

  watch(): void {
    this.bus.say({ is: 'watch', users: this.watched() });
  }

  private lead(ready: Event | null): void {
    for (const draft of this.queue.unconfirmed()) this.bus.say({ is: 'push', draft });
    for (const wish of this.queue.wishes()) this.bus.say(wish);
    this.watch();
    if (ready === null) return;
    // Nothing was offered, so nothing is replayed: the state sees what is missing, and it is fetched.
    this.store.state.disconnected();
    this.following = true;
    this.event(ready);
  }

  private event(event: Event): void {
    // The leader's `ready` is for its own resuming; it tells this tab where it stands by `lead`.
    if (event.type === 'synced') return;
    const look = this.store.state.apply(event, this.store.env.now());
    this.meaning(event);
    if (look) this.fetcher.look();
  }

  private meaning(event: Event): void {
    if (event.type !== 'message.sent' && event.type !== 'message.updated') return;
    if (event.message.sender_id === this.store.userId) this.queue.seen(event.message);
  }

  private clearSilence(): void {
    if (this.silence !== null) clearTimeout(this.silence);
    this.silence = null;
  }
}
