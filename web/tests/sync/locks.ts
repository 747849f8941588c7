// Web Locks for the simulated tabs of one browser: in order, with stealing, and let go when a tab ends.

interface Request {
  readonly tab: string;
  readonly grant: () => void;
}

interface Held {
  readonly tab: string;
  readonly take: () => void;
}

export class Locks {
  private readonly held = new Map<string, Held>();
  private readonly waiting = new Map<string, Request[]>();

  /** The lock manager as one tab sees it. */
  of(tab: string): Pick<LockManager, 'request'> {
    const request = async (name: string, ...rest: readonly unknown[]): Promise<unknown> => {
      const options = (rest.length === 2 ? rest[0] : {}) as LockOptions;
      const work = rest.at(-1) as (lock: Lock) => unknown;
      await this.acquire(tab, name, options);
      let stolen: (() => void) | undefined;
      const theft = new Promise<never>((_resolve, reject) => {
        stolen = () => reject(new DOMException('stolen', 'AbortError'));
      });
      const mine: Held = { tab, take: () => stolen?.() };
      this.held.set(name, mine);
      try {
        return await Promise.race([work({ name, mode: 'exclusive' }), theft]);
      } finally {
        if (this.held.get(name) === mine) this.next(name);
      }
    };
    return { request };
  }

  /** The tab is gone: what it held is free. */
  crash(tab: string): void {
    for (const [name, requests] of this.waiting) {
      this.waiting.set(
        name,
        requests.filter((request) => request.tab !== tab),
      );
    }
    for (const [name, held] of this.held) if (held.tab === tab) this.next(name);
  }

  private async acquire(tab: string, name: string, { signal, steal }: LockOptions): Promise<void> {
    if (steal === true) {
      const held = this.held.get(name);
      this.held.delete(name);
      held?.take();
      return;
    }
    if (!this.held.has(name) && (this.waiting.get(name) ?? []).length === 0) {
      // Taken before anything else can run.
      this.held.set(name, { tab, take: () => undefined });
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const request: Request = { tab, grant: resolve };
      const queue = this.waiting.get(name) ?? [];
      this.waiting.set(name, [...queue, request]);
      signal?.addEventListener('abort', () => {
        this.waiting.set(
          name,
          (this.waiting.get(name) ?? []).filter((each) => each !== request),
        );
        reject(new DOMException('aborted', 'AbortError'));
      });
    });
  }

  private next(name: string): void {
    this.held.delete(name);
    const [first, ...others] = this.waiting.get(name) ?? [];
    this.waiting.set(name, others);
    if (first === undefined) return;
    this.held.set(name, { tab: first.tab, take: () => undefined });
    first.grant();
  }
}
