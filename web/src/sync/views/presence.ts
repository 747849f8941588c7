// Whose presence is on the screen: counted, and told to the server a little later, as one list.

import type { Store } from '../store';

const SOON = 150;

export class Presences {
  private readonly counts = new Map<string, number>();
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly store: Store,
    private readonly tell: () => void,
  ) {}

  watched(): readonly string[] {
    return [...this.counts.keys()];
  }

  watch(userId: string): () => void {
    const before = this.counts.get(userId) ?? 0;
    this.counts.set(userId, before + 1);
    if (before === 0) this.soon();
    return () => {
      const left = (this.counts.get(userId) ?? 1) - 1;
      if (left > 0) {
        this.counts.set(userId, left);
      } else {
        this.counts.delete(userId);
        this.soon();
      }
    };
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.tell();
      this.store.changed();
    }, SOON);
  }
}
