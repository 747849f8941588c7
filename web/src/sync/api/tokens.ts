// The access token of this browser's session, the same in all tabs. A refresh token works once, and using it twice ends
// the session; so only one tab refreshes at a time, under a lock, after looking whether another has just done it, and the
// new pair is written before anything else happens.

import type { Grant } from '@/protocol.gen';
import type { Env } from '../env';
import type { Locks } from '../locks';
import { isRefusal, Refused } from '../refusal';
import type { StoredSession, Vault } from '../storage/vault';
import { ask } from './request';

/** A token that ends this soon is renewed before it is used. */
const EARLY = 20_000;

export type Ended = 'ended' | 'disabled';

export class Tokens {
  private session: StoredSession | null = null;
  private renewing: Promise<string> | null = null;

  constructor(
    private readonly env: Env,
    private readonly vault: Vault,
    private readonly locks: Locks,
    private readonly ended: (why: Ended) => void,
  ) {}

  use(session: StoredSession | null): void {
    this.session = session;
  }

  /** A token to send; null when nobody is signed in. */
  async access(): Promise<string | null> {
    if (this.session === null) return null;
    if (this.session.expiresAt - EARLY > this.env.now()) return this.session.accessToken;
    return await this.renew(this.session.accessToken);
  }

  /** When the present token ends. */
  until(): number {
    return this.session?.expiresAt ?? 0;
  }

  /** A newer token than the one that did not work. */
  async renew(stale: string): Promise<string> {
    this.renewing ??= this.renewOnce(stale).finally(() => {
      this.renewing = null;
    });
    return await this.renewing;
  }

  /** The server said so. */
  over(why: Ended): void {
    if (this.session !== null) this.ended(why);
  }

  private async renewOnce(stale: string): Promise<string> {
    return await this.locks.request('laserchat-refresh', async () => {
      const stored = await this.vault.read();
      if (stored === null || stored.userId !== this.session?.userId) {
        throw new Refused({ code: 'session_ended', status: 401 });
      }
      if (stored.accessToken !== stale) {
        this.session = stored;
        return stored.accessToken;
      }
      try {
        const body = { refresh_token: stored.refreshToken };
        const grant = await ask<Grant>(this.env, { method: 'POST', path: '/auth/refresh', body });
        const session = fromGrant(grant, this.env.now());
        await this.vault.write(session);
        this.session = session;
        return session.accessToken;
      } catch (thrown) {
        if (isRefusal(thrown, 'account_disabled')) this.over('disabled');
        else if (isRefusal(thrown) && thrown.status === 401) this.over('ended');
        throw thrown;
      }
    });
  }
}

export function fromGrant(grant: Grant, now: number): StoredSession {
  return {
    userId: grant.user.id,
    sessionId: grant.session_id,
    accessToken: grant.access_token,
    refreshToken: grant.refresh_token,
    expiresAt: now + grant.expires_in * 1000,
  };
}
