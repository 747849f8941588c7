// Sends what waits, two files at a time, in the order in which they were chosen. What fails for now is tried again by
// itself, later and later, and at once when the connection is back.

import { backoff } from '../link/backoff';
import { asRefusal, isTemporary } from '../refusal';
import type { Store } from '../store';
import type { Carrier } from './transfer';
import type { Upload } from './types';

const AT_ONCE = 2;

/** What the runner knows of uploads, and tells of them. */
export interface Work {
  readonly waiting: () => readonly Upload[];
  readonly blob: (id: string) => Promise<Blob | null>;
  readonly url: (id: string) => string | null;
  readonly begun: (id: string, url: string) => void;
  readonly change: (id: string, change: Partial<Upload>) => void;
  readonly progress: (id: string, sent: number) => void;
}

export class Runner {
  private readonly running = new Map<string, AbortController>();
  private readonly attempts = new Map<string, number>();
  private readonly resting = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly unlisten: () => void;
  private stopped = false;

  constructor(
    private readonly store: Store,
    private readonly carrier: Carrier,
    private readonly work: Work,
  ) {
    this.unlisten = store.hub.listen(['connection'], () => this.connection());
  }

  /** Begins what may begin. */
  pump(): void {
    if (this.stopped || this.store.connection.phase === 'offline') return;
    for (const { id } of this.work.waiting()) {
      if (this.running.size >= AT_ONCE) return;
      if (this.running.has(id) || this.resting.has(id)) continue;
      void this.run(id);
    }
  }

  /** Lets go of one that is under way; what has arrived stays. */
  halt(id: string): void {
    this.running.get(id)?.abort();
    this.running.delete(id);
    this.rested(id);
    this.attempts.delete(id);
  }

  stop(): void {
    this.stopped = true;
    this.unlisten();
    for (const id of [...this.running.keys(), ...this.resting.keys()]) this.halt(id);
  }

  private async run(id: string): Promise<void> {
    const stop = new AbortController();
    const { signal } = stop;
    this.running.set(id, stop);
    const upload = this.work.waiting().find((each) => each.id === id);
    const blob = await this.work.blob(id);
    if (signal.aborted || upload === undefined) return;
    if (blob === null) {
      this.running.delete(id);
      this.work.change(id, { status: 'failed', problem: { code: 'file_missing' } });
      return;
    }
    this.work.change(id, { status: 'sending' });
    try {
      const fileId = await this.carrier.send({
        blob,
        name: upload.name,
        purpose: 'message',
        voice: upload.voice,
        url: this.work.url(id),
        signal,
        begun: (url) => !signal.aborted && this.work.begun(id, url),
        progress: (sent) => {
          if (signal.aborted) return;
          this.attempts.delete(id);
          this.work.progress(id, sent);
        },
      });
      if (signal.aborted) return;
      this.work.change(id, { status: 'checking', sent: upload.size });
      const file = await this.carrier.check(fileId, signal);
      if (signal.aborted) return;
      this.work.change(id, { status: 'ready', file });
    } catch (thrown) {
      if (!signal.aborted) this.failed(id, thrown);
    }
    if (this.running.get(id) === stop) this.running.delete(id);
    this.pump();
  }

  private failed(id: string, thrown: unknown): void {
    const { code, status, detail, retryAfter } = asRefusal(thrown);
    const refusal = asRefusal(thrown);
    if (!isTemporary(refusal)) {
      this.work.change(id, { status: 'failed', problem: { code, status, ...(detail !== undefined && { detail }) } });
      return;
    }
    const attempt = this.attempts.get(id) ?? 0;
    this.attempts.set(id, attempt + 1);
    const wait = Math.max((retryAfter ?? 0) * 1000, 500 + backoff(attempt, this.store.env.random()));
    this.resting.set(
      id,
      setTimeout(() => {
        this.rested(id);
        this.pump();
      }, wait),
    );
    this.work.change(id, { status: 'waiting' });
  }

  private rested(id: string): void {
    clearTimeout(this.resting.get(id));
    this.resting.delete(id);
  }

  private connection(): void {
    const { phase } = this.store.connection;
    if (phase === 'offline') {
      // What hangs in a connection that is dead would hang for minutes.
      for (const [id, stop] of this.running) {
        stop.abort();
        this.work.change(id, { status: 'waiting' });
      }
      this.running.clear();
    } else if (phase === 'live') {
      for (const id of this.resting.keys()) this.rested(id);
      this.pump();
    }
  }
}
