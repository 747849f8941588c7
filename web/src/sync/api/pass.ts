// Admission to files for what can send no token: pictures, players, downloads. The server gives the browser a cookie for
// them that works as long as the access token, so it is asked for again before that ends.

import { admit } from '@/lib/file';
import { backoff } from '../link/backoff';
import type { Rest } from './rest';

/** Milliseconds before its end at which it is renewed: later than the token is, so that a new one is there. */
const EARLY = 15_000;

export class Pass {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private due = 0;
  private attempt = 0;
  private stopped = false;

  constructor(private readonly rest: Rest) {}

  /** Asks for it if there is none that is good: at the start, and whenever the page comes back to life. */
  look(): void {
    const { env } = this.rest;
    if (this.stopped || env.now() < this.due) return;
    this.due = env.now() + 30_000;
    void this.ask();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async ask(): Promise<void> {
    const { env, tokens } = this.rest;
    try {
      await this.rest.post('/events/cookie');
      this.attempt = 0;
      this.due = Math.max(tokens.until() - EARLY, env.now() + 1000);
    } catch {
      this.due = env.now() + 1000 + backoff(this.attempt, env.random());
      this.attempt += 1;
    }
    if (this.stopped) return;
    // Without a connection as well: what was seen lately is in the browser's own cache.
    admit();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.due = 0;
      this.look();
    }, this.due - env.now());
  }
}
