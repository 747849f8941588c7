// One account in one tab: what is known, the role of this tab, and what the rest of sync asks of either role.

import type { Ack, Activity, Command } from '@/protocol.gen';
import { Pass } from './api/pass';
import type { Rest } from './api/rest';
import type { Wake, Env } from './env';
import type { Hub } from './hub';
import type { Locks } from './locks';
import { Queue } from './driver/queue';
import type { Draft, DraftFile } from './state';
import { State } from './state';
import { Claims } from './storage/claims';
import { Disk } from './storage/disk';
import { tidy } from './storage/tidy';
import { Store } from './store';
import { Bus } from './tabs/bus';
import type { Wish, Word } from './tabs/bus';
import { Election } from './tabs/election';
import { Follower } from './tabs/follower';
import { Leader } from './tabs/leader';
import type { FileWord } from './uploads/types';
import { Uploads } from './uploads/uploads';
import { Views } from './views/views';

export class Account {
  readonly queue: Queue;
  readonly views: Views;
  readonly uploads: Uploads;
  private readonly bus: Bus;
  private readonly election: Election;
  private role: Leader | Follower;
  private closed = false;
  private readonly pass: Pass;
  private readonly unlisten: () => void;

  private constructor(
    readonly store: Store,
    locks: Locks,
  ) {
    const { env, userId } = store;
    this.pass = new Pass(store.rest);
    this.bus = new Bus(env, userId, crypto.randomUUID());
    this.queue = new Queue(store);
    this.views = new Views(store, {
      command: (command) => this.command(command),
      watch: () => this.role.watch(),
      say: (word) => this.bus.say(word),
    });
    this.role = this.newFollower();
    this.uploads = new Uploads({
      store,
      queue: this.queue,
      leads: () => this.leads(),
      say: (word) => this.bus.say(word),
      ready: () => this.role instanceof Leader && this.role.driver.send(),
    });
    this.unlisten = store.hub.listen(['queue'], () => this.uploads.queued());
    this.election = new Election(
      locks,
      `laserchat-leader-${userId}`,
      () => void this.lead(),
      () => this.follow(),
    );
    store.afterFlush(() => {
      if (this.queue.prune()) store.changed('queue');
    });
  }

  static async open(env: Env, hub: Hub, rest: Rest, locks: Locks, userId: string): Promise<Account> {
    const disk = await Disk.open(userId, env.stored);
    const [stored, texts] = await Promise.all([disk.read(), disk.readTexts()]);
    const store = new Store(env, hub, rest, disk, userId, restored(stored), new Claims(stored.rooms));
    const account = new Account(store, locks);
    account.views.drafts.restore(texts);
    account.bus.listen((word, from) => account.hear(word, from));
    void account.role.start();
    account.election.stand();
    account.pass.look();
    return account;
  }

  /** Loads what makes drafts the same on all devices. */
  async exchangeDrafts(): Promise<void> {
    const { Exchange } = await import('./drafts/exchange');
    const { drafts } = this.views;
    if (!this.closed) drafts.exchange ??= new Exchange(this.store, drafts, () => (this.leads() ? this.role : null));
  }

  /** Whether this tab holds the connection. */
  leads(): boolean {
    return this.role instanceof Leader;
  }

  async command(command: Command): Promise<Ack> {
    return await this.role.command(command);
  }

  send(conversationId: string, body: string, parentId: string | null, files?: readonly DraftFile[]): string {
    const durable = (draft: Draft) => {
      if (this.role instanceof Leader) {
        this.queue.take(draft);
        this.role.driver.send();
      } else {
        this.bus.say({ is: 'push', draft });
      }
    };
    return this.queue.push(conversationId, parentId, body, durable, files);
  }

  retry(clientId: string): void {
    this.wish({ is: 'retry', clientId });
  }

  discard(clientId: string): void {
    this.wish({ is: 'discard', clientId });
  }

  markRead(conversationId: string, seq: number): void {
    if (seq <= this.store.state.readTo(conversationId)) return;
    this.takeRead(conversationId, seq);
    this.bus.say({ is: 'read', conversation: conversationId, seq });
  }

  setActivity(activity: Activity): void {
    if (this.role instanceof Leader) this.role.driver.setActivity(activity);
    else void this.command({ type: 'presence.set', activity }).catch(() => undefined);
  }

  wake(wake: Wake): void {
    if (this.closed) return;
    if (wake === 'online' || wake === 'visible' || wake === 'back') this.pass.look();
    if (wake === 'away' || wake === 'hidden') this.views.drafts.write();
    if (wake === 'away') {
      this.away();
    } else if (wake === 'back') {
      this.follow();
    } else if (this.role instanceof Leader) {
      if (wake === 'hidden') void this.role.written();
      else if (wake === 'offline') this.role.driver.offline();
      else this.role.driver.wake();
    } else if (wake !== 'hidden' && wake !== 'offline') {
      this.role.check();
    }
  }

  /** Ends this tab's part. `forget`: nothing of the account stays in this browser. */
  async close(forget: boolean): Promise<void> {
    this.closed = true;
    if (!forget && this.role instanceof Leader) await this.role.written();
    this.role.stop();
    this.election.withdraw();
    this.bus.close();
    if (forget) this.views.drafts.forget();
    this.views.stop();
    this.pass.stop();
    this.unlisten();
    if (forget) await this.uploads.forget();
    else this.uploads.stop();
    if (forget) await this.store.disk.destroy();
    else this.store.disk.close();
  }

  private hear(word: Word, from: string): void {
    if (word.is === 'read') this.takeRead(word.conversation, word.seq);
    else if (word.is === 'text') this.views.drafts.take(word.key, word.text);
    else if (isFileWord(word)) this.uploads.hear(word);
    else if (this.role instanceof Leader) this.role.hear(word, from);
    else this.role.hear(word);
  }

  private wish(wish: Wish): void {
    this.queue.wish(wish);
    if (this.role instanceof Leader) this.role.hear(wish, '');
    else this.bus.say(wish);
  }

  private takeRead(conversationId: string, seq: number): void {
    this.store.state.markRead(conversationId, seq);
    if (this.role instanceof Leader) this.role.driver.read(conversationId);
    this.store.changed();
  }

  private async lead(): Promise<void> {
    if (this.closed) return;
    this.role.stop();
    const leader = new Leader(this.store, this.queue, this.bus, () => this.views.presence.watched());
    this.role = leader;
    await this.verify();
    await leader.start();
    this.uploads.led();
    await tidy(this.store, this.views.rooms, (id) => this.views.timelines.isOpen(id));
  }

  /** What this tab will write goes on top of what the disk has; what it only believed to be there is dropped. */
  private async verify(): Promise<void> {
    const { claims, disk, state } = this.store;
    for (const id of claims.broken(await disk.readRecords())) {
      state.gone(id);
      claims.forget(id);
    }
    this.store.changed();
  }

  /** This tab stands in line again: another took over, or it was put away and has come back. */
  private follow(): void {
    this.role.stop();
    const follower = this.newFollower();
    this.role = follower;
    follower.start();
    this.uploads.led();
    this.election.stand();
  }

  /** The page may be frozen from here on, or gone: another tab takes over. */
  private away(): void {
    if (this.role instanceof Leader) void this.role.written();
    this.role.stop();
    this.election.withdraw();
  }

  private newFollower(): Follower {
    return new Follower(
      this.store,
      this.queue,
      this.bus,
      () => this.views.presence.watched(),
      () => this.election.steal(),
    );
  }
}

function isFileWord(word: Word): word is FileWord {
  return word.is.startsWith('upload');
}

/** What cannot be read is what another version wrote, or is broken: everything is fetched anew. */
function restored(stored: Parameters<typeof State.restore>[0]): State {
  try {
    return State.restore(stored);
  } catch {
    return State.restore({ meta: null, rooms: [], contacts: [], users: [] });
  }
}
