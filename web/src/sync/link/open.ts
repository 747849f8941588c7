// Which way to connect: by WebSocket, and where that is blocked, by what HTTP can do.

import type { Activity } from '@/protocol.gen';
import type { Rest } from '../api/rest';
import { offline, Refused } from '../refusal';
import type { Resume } from '../state';
import type { Link, Sink } from './link';
import { openSocket } from './socket';

export class Opener {
  constructor(private readonly rest: Rest) {}

  async open(resume: Resume, activity: Activity, sink: Sink): Promise<Link> {
    if (!this.rest.env.online()) throw offline();
    const token = await this.rest.tokens.access();
    if (token === null) throw new Refused({ code: 'unauthorized', status: 401 });
    return openSocket(this.rest.env, token, resume, activity, sink);
  }

  /** An attempt failed before the server was ready. */
  failed(): void {}

  worked(): void {}
}
