// Who leads: the tab that holds the lock. The others wait for it, and the next takes over when it is let go, which the
// browser does by itself when a tab is closed or crashes.

import type { Locks } from '../locks';

export class Election {
  private release: (() => void) | null = null;
  private stop = new AbortController();

  constructor(
    private readonly locks: Locks,
    private readonly name: string,
    private readonly elected: () => void,
    /** Another tab took the lock, because this one did not answer. */
    private readonly deposed: () => void,
  ) {}

  stand(steal = false): void {
    const { signal } = this.stop;
    const hold = () =>
      new Promise<void>((release) => {
        if (signal.aborted) {
          release();
          return;
        }
        this.release = release;
        this.elected();
      });
    // A signal and stealing exclude each other.
    const options = steal ? { steal: true } : { signal };
    Promise.resolve(this.locks.request(this.name, options, hold)).catch(() => {
      if (signal.aborted || this.release === null) return;
      this.release = null;
      this.deposed();
    });
  }

  /** Takes the lock from a tab that is frozen. */
  steal(): void {
    this.stop.abort();
    this.stop = new AbortController();
    this.stand(true);
  }

  withdraw(): void {
    this.stop.abort();
    this.release?.();
    this.release = null;
    this.stop = new AbortController();
  }
}
