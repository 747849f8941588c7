// Fetching: asking the server for what the state wants, a few things at a time, until it wants nothing. A tab that follows
// does it for itself, by the same rule as the leader.

import type { Account, Changes, ConversationView, Event, OwnChanges } from '@/protocol.gen';
import { backoff } from '../link/backoff';
import { asRefusal, isRefusal } from '../refusal';
import type { Fetch } from '../state';
import type { Store } from '../store';

/** Questions that are asked at once. */
const AT_ONCE = 4;

/** The most changes that one answer may bring. */
const CHANGES = 1000;

export class Fetcher {
  private readonly asked = new Set<string>();
  private stop = new AbortController();
  private failures = 0;
  private pause: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly store: Store,
    /** Every event that came with an answer, after it was applied. */
    private readonly heard: (event: Event) => void,
    private readonly settled: () => void,
  ) {}

  isIdle(): boolean {
    return this.asked.size === 0;
  }

  look(): void {
    if (this.pause !== null) return;
    for (const fetch of this.store.state.wants()) {
      if (this.asked.size >= AT_ONCE) break;
      const key = JSON.stringify(fetch);
      if (this.asked.has(key)) continue;
      this.asked.add(key);
      void this.fetch(fetch, key, this.stop.signal);
    }
    this.settled();
  }

  /** The connection is gone: what is asked will be asked anew. */
  reset(): void {
    this.stop.abort();
    this.stop = new AbortController();
    this.asked.clear();
    if (this.pause !== null) clearTimeout(this.pause);
    this.pause = null;
  }

  private async fetch(fetch: Fetch, key: string, signal: AbortSignal): Promise<void> {
    const { state } = this.store;
    const generation = state.generation();
    const standing = 'id' in fetch ? state.standing(fetch.id) : null;
    try {
      const take = await this.ask(fetch, signal);
      if (signal.aborted) return;
      this.asked.delete(key);
      this.failures = 0;
      if (state.generation() === generation) take();
    } catch (thrown) {
      if (signal.aborted) return;
      this.asked.delete(key);
      if ('id' in fetch && standing !== null && isRefusal(thrown, 'not_found')) {
        state.answerNotFound(fetch.id, standing);
      } else {
        this.wait(asRefusal(thrown).retryAfter);
      }
    }
    this.store.changed();
    this.look();
  }

  private wait(seconds: number | undefined): void {
    if (this.pause !== null) return;
    const wait = seconds === undefined ? 250 + backoff(this.failures, this.store.env.random()) : seconds * 1000;
    this.failures += 1;
    this.pause = setTimeout(() => {
      this.pause = null;
      this.look();
    }, wait);
  }

  /** Asks; what it returns applies the answer. */
  private async ask(fetch: Fetch, signal: AbortSignal): Promise<() => void> {
    const { rest, state } = this.store;
    switch (fetch.what) {
      case 'account': {
        const account = await rest.get<Account>('/me', {}, signal);
        return () => state.answerAccount(account);
      }
      case 'ownChanges': {
        const query = { after: fetch.after, limit: CHANGES };
        const changes = await rest.get<OwnChanges>('/me/changes', query, signal);
        return () => {
          state.answerOwnChanges(fetch.after, changes);
          changes.items.forEach(this.heard);
        };
      }
      case 'conversations': {
        const views = await rest.all<ConversationView>('/conversations');
        return () => state.answerConversations(views);
      }
      case 'conversation': {
        const view = await rest.get<ConversationView>(`/conversations/${fetch.id}`, {}, signal);
        return () => state.answerConversation(view);
      }
      default: {
        const query = { after: fetch.after, limit: CHANGES };
        const changes = await rest.get<Changes>(`/conversations/${fetch.id}/changes`, query, signal);
        return () => {
          state.answerChanges(fetch.id, fetch.after, changes);
          changes.items.forEach(this.heard);
        };
      }
    }
  }
}
