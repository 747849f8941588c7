// The driver of the tab that leads: it connects, applies what comes, has what is missing fetched, sends what waits, and
// comes back when the connection is lost. What it hears is told to the tabs that follow.

import type { Ack, Activity, Command, Event, Polled } from '@/protocol.gen';
import { ask } from '../api/request';
import { backoff } from '../link/backoff';
import type { Link, Lost, Sink, Source } from '../link/link';
import { lostBy } from '../link/link';
import { carryOut } from '../link/twin';
import type { Opener } from '../link/open';
import { asRefusal, fromFrame, isTemporary, offline } from '../refusal';
import type { Refused } from '../state';
import type { Store } from '../store';
import { Cursors } from './cursors';
import { Fetcher } from './fetcher';
import type { Queue } from './queue';

/** Until the server says how often it wants to hear something. */
const HEARTBEAT = 30_000;

/** How often small duties are looked after: the heartbeat, and what has become due. */
const TICK = 1_000;

/** How soon the server must answer when the browser says that the network is gone. */
const PROBE = 2_500;

interface Waiting {
  readonly done: (ack: Ack) => void;
  readonly refused: (thrown: unknown) => void;
}

export interface Followers {
  event(event: Event): void;
}

export class Driver {
  private link: Link | null = null;
  private isReady = false;
  private stopped = false;
  private attempt = 0;
  private renewed = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private probing: ReturnType<typeof setTimeout> | null = null;
  private readonly ticks: ReturnType<typeof setInterval>;
  private heard = 0;
  private pinged: number | null = null;
  private heartbeat = HEARTBEAT;
  private nextId = 0;
  private readonly waiting = new Map<number, Waiting>();
  private readonly fetcher: Fetcher;
  private readonly cursors: Cursors;
  private activity: Activity = 'active';
  private idle: (() => void)[] = [];
  private readonly source: Source = {
    hello: () => this.store.state.hello(),
    idle: async () => {
      if (!this.fetcher.isIdle()) await new Promise<void>((resolve) => this.idle.push(resolve));
    },
  };

  constructor(
    private readonly store: Store,
    private readonly queue: Queue,
    private readonly opener: Opener,
    private readonly followers: Followers,
    private readonly watched: () => readonly string[],
  ) {
    this.fetcher = new Fetcher(
      store,
      (event) => this.meaning(event),
      () => this.settled(),
    );
    this.cursors = new Cursors(store, (command) => this.command(command));
    this.ticks = setInterval(() => this.tick(), TICK);
  }

  start(): void {
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.ticks);
    this.disconnected();
    this.cursors.stop();
  }

  /** Something happened that makes trying now worthwhile. */
  wake(): void {
    if (this.stopped) return;
    if (this.link === null && this.timer !== null) {
      this.attempt = 0;
      void this.connect();
    } else if (this.isReady && this.pinged === null) {
      this.ping();
    }
  }

  /** The network is gone, as far as the browser knows. It may be wrong, so a connection that works is only looked at. */
  offline(): void {
    if (this.stopped) return;
    if (this.isReady) this.probe();
    else this.lost({ is: 'resume' });
  }

  setActivity(activity: Activity): void {
    if (activity === this.activity) return;
    this.activity = activity;
    void this.command({ type: 'presence.set', activity }).catch(() => undefined);
  }

  /** Sends a command. What has no answer when the connection is lost is refused as offline. */
  async command(command: Command): Promise<Ack> {
    const { link } = this;
    if (link === null || !this.isReady) throw offline();
    this.nextId += 1;
    const id = this.nextId;
    if (!link.isTwoWay) return await carryOut(this.store.rest, command);
    return await new Promise<Ack>((done, refused) => {
      this.waiting.set(id, { done, refused });
      link.send({ ...command, id });
    });
  }

  /** Sends what is due. */
  send(): void {
    if (!this.isReady) return;
    for (const message of this.queue.due()) void this.sendOne(message.client_id, { type: 'message.send', ...message });
  }

  /** Tells how far the user has read, where the server does not know it. */
  read(conversationId: string): void {
    this.cursors.read(conversationId);
  }

  watch(): void {
    const user_ids = [...this.watched()];
    if (!this.isReady) return;
    void this.command({ type: 'presence.watch', user_ids }).then(
      (ack) => {
        this.store.state.answerPresence(ack.presence ?? []);
        for (const presence of ack.presence ?? []) {
          this.followers.event({ type: presence.status === 'offline' ? 'user.offline' : 'user.online', ...presence });
        }
        this.store.changed();
      },
      () => undefined,
    );
  }

  private async sendOne(clientId: string, command: Command): Promise<void> {
    const { link } = this;
    try {
      const ack = await this.command(command);
      this.queue.acknowledged(clientId, ack.seq ?? null);
    } catch (thrown) {
      // A connection that was lost has put back everything that was on its way.
      if (link !== this.link || this.link === null) return;
      this.queue.refused(clientId, problemOf(thrown));
    }
    this.send();
  }

  private async connect(): Promise<void> {
    this.clearTimer();
    this.phase('connecting');
    const sink = this.newSink();
    // Every step of opening has a limit of its own; this one is for `ready`.
    this.timer = setTimeout(() => sink.lost({ is: 'resume' }), this.opener.patience());
    try {
      const link = await this.opener.open(this.source, this.activity, sink);
      if (sink.isOver()) link.close();
      else this.link = link;
    } catch (thrown) {
      sink.lost(lostBy(thrown));
    }
  }

  /** What an attempt to connect hears; an older one is not listened to. */
  private newSink(): Sink & { isOver: () => boolean } {
    let over = false;
    this.endAttempt = () => {
      over = true;
    };
    const alive = () => {
      this.heard = this.store.env.now();
      this.pinged = null;
    };
    return {
      isOver: () => over,
      alive: () => !over && alive(),
      event: (event) => {
        if (over) return;
        alive();
        this.event(event);
      },
      polled: (polled) => {
        if (over) return;
        alive();
        this.polled(polled);
      },
      lost: (lost) => !over && this.lost(lost),
    };
  }

  private endAttempt: () => void = () => undefined;

  private event(event: Event): void {
    if (event.type === 'ack' || (event.type === 'error' && event.id !== undefined && event.id !== null)) {
      const waiting = this.waiting.get(Number(event.id));
      this.waiting.delete(Number(event.id));
      if (event.type === 'ack') waiting?.done(event);
      else waiting?.refused(fromFrame(event));
      return;
    }
    if (event.type === 'pong') {
      this.endProbe();
      return;
    }
    const look = this.store.state.apply(event, this.store.env.now());
    this.followers.event(event);
    this.meaning(event);
    if (event.type === 'ready') this.ready(event.heartbeat_seconds * 1000);
    if (look) this.fetcher.look();
    if (event.type === 'synced') this.settled();
    this.store.changed();
  }

  private polled(polled: Polled): void {
    this.store.state.answerPoll(polled, this.store.env.now());
    polled.items.forEach((event) => {
      this.followers.event(event);
      this.meaning(event);
    });
    if (!this.isReady) this.ready(HEARTBEAT);
    this.fetcher.look();
    this.store.changed();
  }

  private ready(heartbeat: number): void {
    this.clearTimer();
    this.heartbeat = Math.max(1000, heartbeat);
    this.isReady = true;
    this.attempt = 0;
    this.renewed = false;
    this.opener.worked();
    this.phase('syncing');
    this.cursors.connected();
    this.watch();
    this.send();
  }

  /** What an event means beyond the state: one's own message has arrived, or another's is to be told as delivered. */
  private meaning(event: Event): void {
    if (event.type !== 'message.sent' && event.type !== 'message.updated') return;
    if (event.message.sender_id === this.store.userId) {
      this.queue.seen(event.message);
      this.send();
    } else if (event.type === 'message.sent') {
      this.cursors.arrived(event.conversation_id);
    }
  }

  private settled(): void {
    if (this.fetcher.isIdle()) this.idle.splice(0).forEach((resolve) => resolve());
    if (!this.isReady) return;
    const isLive = this.fetcher.isIdle() && this.store.state.isSynced();
    if (isLive && this.store.connection.phase !== 'live') this.cursors.synced();
    this.phase(isLive ? 'live' : 'syncing');
  }

  private tick(): void {
    if (!this.isReady || this.link === null) return;
    this.send();
    if (!this.link.hasHeartbeat) return;
    const now = this.store.env.now();
    if (this.pinged !== null && now - this.pinged > this.heartbeat) this.lost({ is: 'resume' });
    else if (this.pinged === null && now - this.heard > this.heartbeat) this.ping();
  }

  private ping(): void {
    this.pinged = this.store.env.now();
    void this.command({ type: 'ping' }).catch(() => undefined);
  }

  /** The connection is lost unless the server answers soon. What had come before it was gone is no answer. */
  private probe(): void {
    if (this.probing !== null) return;
    const timer = setTimeout(() => this.lost({ is: 'resume' }), PROBE);
    this.probing = timer;
    if (this.link?.isTwoWay === true) {
      this.ping();
      return;
    }
    void ask(this.store.env, { method: 'GET', path: '/server' }).then(
      () => timer === this.probing && this.endProbe(),
      () => timer === this.probing && this.lost({ is: 'resume' }),
    );
  }

  private endProbe(): void {
    if (this.probing !== null) clearTimeout(this.probing);
    this.probing = null;
  }

  private lost(lost: Lost): void {
    const wasReady = this.isReady;
    this.disconnected();
    if (this.stopped) return;
    if (lost.is === 'stop') {
      this.phase('offline');
      this.store.rest.tokens.over(lost.why);
      return;
    }
    if (!wasReady) this.opener.failed();
    if (lost.is === 'token' && !this.renewed) {
      this.renewed = true;
      void this.renew();
      return;
    }
    this.retry(lost.is === 'resume' ? lost.after : undefined);
  }

  private async renew(): Promise<void> {
    const { tokens } = this.store.rest;
    this.phase('connecting');
    try {
      await tokens.renew((await tokens.access()) ?? '');
      if (!this.stopped) await this.connect();
    } catch (thrown) {
      if (!this.stopped && isTemporary(asRefusal(thrown))) this.retry(asRefusal(thrown).retryAfter);
    }
  }

  private retry(seconds: number | undefined): void {
    const { env } = this.store;
    const wait = Math.max((seconds ?? 0) * 1000, backoff(this.attempt, env.random()));
    this.attempt += 1;
    this.clearTimer();
    this.timer = setTimeout(() => void this.connect(), wait);
    this.store.setConnection({ phase: 'offline', since: env.now(), retryAt: env.now() + wait });
  }

  /** Forgets what belonged to the connection. */
  private disconnected(): void {
    this.endAttempt();
    this.endProbe();
    this.clearTimer();
    this.link?.close();
    this.link = null;
    this.isReady = false;
    this.pinged = null;
    this.store.state.disconnected();
    this.fetcher.reset();
    this.idle.splice(0).forEach((resolve) => resolve());
    this.queue.disconnected();
    for (const { refused } of this.waiting.values()) refused(offline());
    this.waiting.clear();
    this.store.changed();
  }

  private phase(phase: 'offline' | 'connecting' | 'syncing' | 'live'): void {
    this.store.setConnection({ phase, since: this.store.env.now() });
  }

  private clearTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

function problemOf(thrown: unknown): Refused {
  const { code, status, detail, retryAfter } = asRefusal(thrown);
  const known = code === 'offline' ? 'unavailable' : code;
  return {
    // A code that this client does not know is judged by its status.
    code: known,
    status,
    ...(detail === undefined ? {} : { detail }),
    ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
  };
}
