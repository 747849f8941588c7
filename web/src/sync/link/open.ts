// Which way to connect: by WebSocket, and where that is blocked although HTTP works, by a stream of events; and where
// something on the way holds the stream back, by long poll.

import type { Activity } from '@/protocol.gen';
import { ask } from '../api/request';
import type { Rest } from '../api/rest';
import { offline, Refused } from '../refusal';
import type { Link, Sink, Source } from './link';
import { openSocket } from './socket';

type Way = 'socket' | 'stream' | 'poll';

/** So many attempts to connect one way fail before the next is tried. */
const ATTEMPTS = 2;

/** After this, a connection that is lost begins again with the best way: the browser may be elsewhere now. */
const HOPE = 10 * 60_000;

export class Opener {
  private way: Way = 'socket';
  private failures = 0;
  private since = 0;

  constructor(private readonly rest: Rest) {}

  /** Milliseconds until `ready` must have come. A stream that is held back is to be noticed soon. */
  patience(): number {
    return this.way === 'stream' ? 8_000 : 20_000;
  }

  async open(source: Source, activity: Activity, sink: Sink): Promise<Link> {
    const { env, tokens } = this.rest;
    if (!env.online()) throw offline();
    await this.choose();
    const token = await tokens.access();
    if (token === null) throw new Refused({ code: 'unauthorized', status: 401 });
    // Hardly anybody needs the other ways, so they are loaded when somebody does.
    if (this.way === 'poll') return (await import('./poll')).openPoll(this.rest, source, sink);
    if (this.way === 'stream') return await (await import('./stream')).openStream(this.rest, source.hello(), sink);
    return openSocket(env, token, source.hello(), activity, sink);
  }

  /** An attempt failed before the server was ready. */
  failed(): void {
    this.failures += 1;
  }

  worked(): void {
    this.failures = 0;
  }

  private async choose(): Promise<void> {
    const { env } = this.rest;
    if (this.way !== 'socket' && env.now() - this.since > HOPE) this.take('socket');
    if (this.failures < ATTEMPTS || this.way === 'poll') return;
    // When this fails too, it is not the way that is blocked.
    await ask(env, { method: 'GET', path: '/server' });
    this.take(this.way === 'socket' ? 'stream' : 'poll');
  }

  private take(way: Way): void {
    this.way = way;
    this.failures = 0;
    this.since = this.rest.env.now();
  }
}
