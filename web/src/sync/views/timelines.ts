// The timelines on the screen. What is far away from all of them is let go, so that memory stays bounded however far
// somebody scrolls.

import type { Store } from '../store';
import type { Threads } from './threads';
import type { TimelineWindow } from './timeline';

/** A stretch longer than this is trimmed. */
const LONGEST = 600;

export class Timelines {
  private readonly open = new Set<TimelineWindow>();

  constructor(
    private readonly store: Store,
    private readonly threads: Threads,
  ) {}

  isOpen(id: string): boolean {
    return [...this.open].some((window) => window.conversation() === id);
  }

  add(window: TimelineWindow): void {
    this.open.add(window);
    void this.store.disk.look(window.conversation(), this.store.env.now());
  }

  delete(window: TimelineWindow): void {
    this.open.delete(window);
    this.trim(window.conversation());
  }

  trim(id: string): void {
    const { state } = this.store;
    const ranges = [...this.open].filter((window) => window.conversation() === id).map((window) => window.range());
    const stretches = [state.timeline(id), ...ranges.map(([from]) => state.timeline(id, from))];
    if (!stretches.some((stretch) => (stretch?.messages.length ?? 0) > LONGEST)) return;
    const from = Math.min(...ranges.map(([first]) => first));
    const to = Math.max(...ranges.map(([, last]) => last));
    const head = state.head(id);
    state.trim(
      id,
      ranges.length === 0 ? head : from,
      ranges.length === 0 ? head : Math.min(to, head),
      this.threads.open(id),
    );
    this.store.changed();
  }
}
