// Names and faces, and whole profiles. What is not known is fetched, many at a time.

import type { Page, User } from '@/protocol.gen';
import type { Store } from '../store';

const SOON = 30;
const AT_ONCE = 100;

/** Somebody who could not be fetched is not asked for again before this. */
const AGAIN = 30_000;

export class Users {
  private readonly wanted = new Set<string>();
  private readonly asked = new Map<string, number>();
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly store: Store) {}

  /** The name and face, if they are not known. */
  want(id: string): void {
    if (id !== '' && this.store.state.summary(id) === null) this.wantProfile(id);
  }

  wantProfile(id: string): void {
    if (id === '' || this.store.state.profile(id) !== null) return;
    const asked = this.asked.get(id);
    if (asked !== undefined && this.store.env.now() - asked < AGAIN) return;
    this.asked.set(id, this.store.env.now());
    this.wanted.add(id);
    this.timer ??= setTimeout(() => void this.fetch(), SOON);
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private async fetch(): Promise<void> {
    this.timer = null;
    const ids = [...this.wanted].slice(0, AT_ONCE);
    ids.forEach((id) => this.wanted.delete(id));
    if (this.wanted.size > 0) this.timer = setTimeout(() => void this.fetch(), 0);
    try {
      const page = await this.store.rest.get<Page<User>>('/users', { ids: ids.join(',') });
      this.store.state.answerUsers(page.items);
      this.store.changed();
    } catch {
      ids.forEach((id) => this.asked.delete(id));
    }
  }
}
