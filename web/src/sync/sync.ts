// One tab's sync: who is signed in on this browser, and that account. All tabs sign in and out together.

import type { Grant } from '@/protocol.gen';
import { Account } from './account';
import { allActions } from './actions';
import { ask } from './api/request';
import { Rest } from './api/rest';
import { fromGrant, Tokens } from './api/tokens';
import type { Ended } from './api/tokens';
import type { Actions, Connection, SessionState } from './contract';
import type { Env } from './env';
import { Hub } from './hub';
import type { Locks } from './locks';
import { locksOf } from './locks';
import { sweep } from './storage/leftover';
import { Vault } from './storage/vault';
import type { StoredSession } from './storage/vault';

/** What tabs tell each other of the session. */
type Notice =
  { readonly is: 'signed-in' } | { readonly is: 'signed-out'; readonly userId: string; readonly reason?: Ended };

export class Sync {
  readonly hub = new Hub();
  readonly rest: Rest;
  readonly actions: Actions;
  private readonly tokens: Tokens;
  private readonly vault: Vault;
  private readonly locks: Locks;
  private readonly notices: BroadcastChannel | null;
  private readonly idle: Connection;
  private state: SessionState = { phase: 'starting' };
  private account: Account | null = null;
  private stored: StoredSession | null = null;
  /** Signing in and out happen one after the other. */
  private turns: Promise<unknown> = Promise.resolve();
  private unlisten: (() => void) | null = null;

  constructor(readonly env: Env) {
    this.vault = new Vault(env.stored);
    this.locks = locksOf(env);
    this.tokens = new Tokens(env, this.vault, this.locks, (why) => void this.end(why));
    this.rest = new Rest(env, this.tokens);
    this.notices = env.channel('laserchat');
    this.idle = { phase: 'offline', since: env.now() };
    this.actions = {
      ...allActions({ rest: this.rest, current: () => this.account }),
      signIn: (grant) => this.signIn(grant),
      signOut: () => this.signOut(),
    };
  }

  /** Reads who is signed in, and goes on from there. */
  async start(): Promise<void> {
    this.unlisten = this.env.listen((wake) => this.account?.wake(wake));
    this.notices?.addEventListener('message', ({ data }: MessageEvent<Notice>) => {
      if (data.is === 'signed-in') void this.turn(() => this.resume());
      else if (data.userId === this.stored?.userId) void this.turn(() => this.leave(data.reason));
    });
    await this.turn(() => this.resume());
  }

  /** The tab is closed: nothing is forgotten. */
  async stop(): Promise<void> {
    this.unlisten?.();
    this.notices?.close();
    await this.turn(async () => await this.account?.close(false));
    await this.vault.close();
  }

  current(): Account | null {
    return this.account;
  }

  session(): SessionState {
    return this.state;
  }

  connection(): Connection {
    return this.account?.store.connection ?? this.idle;
  }

  private async signIn(grant: Grant): Promise<void> {
    await this.turn(async () => {
      if (this.account !== null) await this.leave(undefined);
      await this.vault.write(fromGrant(grant, this.env.now()));
      await this.resume();
    });
    this.notices?.postMessage({ is: 'signed-in' } satisfies Notice);
  }

  private async signOut(): Promise<void> {
    const { stored } = this;
    if (stored === null) return;
    const token = await this.tokens.access().catch(() => null);
    await this.end(undefined);
    if (token === null) return;
    const request = { method: 'POST', path: '/auth/logout', body: {}, token, keepalive: true } as const;
    // Without a connection the session lives on at the server, until it is ended from another device or grows old.
    await ask(this.env, request).catch(() => undefined);
  }

  /** The session is over, in all tabs. */
  private async end(reason: Ended | undefined): Promise<void> {
    const ending = this.stored;
    if (ending === null) return;
    this.notices?.postMessage({
      is: 'signed-out',
      userId: ending.userId,
      ...(reason === undefined ? {} : { reason }),
    } satisfies Notice);
    await this.turn(async () => {
      if (this.stored?.sessionId === ending.sessionId) await this.leave(reason);
    });
  }

  /** Goes on as whoever is signed in. */
  private async resume(): Promise<void> {
    const stored = await this.vault.read();
    if (stored?.sessionId === this.stored?.sessionId && this.state.phase !== 'starting') return;
    if (this.account !== null) await this.account.close(false);
    this.account = null;
    this.stored = stored;
    this.tokens.use(stored);
    if (stored === null) {
      if (this.state.phase === 'starting') await sweep(this.env, async () => (await this.vault.read()) === null);
      this.set({ phase: 'signed-out' });
      return;
    }
    this.account = await Account.open(this.env, this.hub, this.rest, this.locks, stored.userId);
    this.set({ phase: 'signed-in', userId: stored.userId, sessionId: stored.sessionId });
  }

  /** Forgets the account in this browser. */
  private async leave(reason: Ended | undefined): Promise<void> {
    const { account, stored } = this;
    this.account = null;
    this.stored = null;
    this.tokens.use(null);
    this.set(reason === undefined ? { phase: 'signed-out' } : { phase: 'signed-out', reason });
    const held = await this.vault.read();
    if (held?.sessionId === stored?.sessionId) await this.vault.write(null);
    await account?.close(true);
  }

  private set(state: SessionState): void {
    this.state = state;
    this.hub.emit(['*']);
  }

  private async turn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turns.then(work, work);
    this.turns = mine.catch(() => undefined);
    return await mine;
  }
}
