// Writing what is known to the disk: a little later and many changes at a time, so that nothing waits for it.

import type { Store } from '../store';

const LATER = 300;

export class Writer {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private writing: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly store: Store) {
    store.afterFlush(() => this.soon());
  }

  async write(): Promise<void> {
    this.clear();
    this.writing = this.writing.then(() => this.writeOnce());
    await this.writing;
  }

  stop(): void {
    this.stopped = true;
    this.clear();
  }

  private async writeOnce(): Promise<void> {
    if (this.stopped) return;
    const writes = this.store.state.takeWrites();
    if (writes === null) return;
    // What is there is whole, and older; what came later would not fit to it. So it goes on in memory.
    if (!(await this.store.disk.write(writes))) this.stop();
  }

  private soon(): void {
    if (this.stopped) return;
    this.timer ??= setTimeout(() => void this.write(), LATER);
  }

  private clear(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
