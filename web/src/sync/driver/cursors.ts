// Telling the server how far messages have arrived here, and how far the user has read. Both are coalesced: only the last
// place counts. What could not be told is told on the next connection, because the state knows what the server does not.

import type { Ack, Command } from '@/protocol.gen';
import type { Store } from '../store';

const SOON = 400;

/** So many places are told at a time, so that a first sign-in with many conversations is no flood. */
const AT_ONCE = 20;

export class Cursors {
  private readonly delivered = new Set<string>();
  private readonly reads = new Set<string>();
  /** How far the server was told over this connection that was read, and that was received. */
  private readonly told = new Map<string, number>();
  private readonly got = new Map<string, number>();
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly store: Store,
    private readonly command: (command: Command) => Promise<Ack>,
  ) {}

  /** A message of somebody else's is here. */
  arrived(id: string): void {
    this.delivered.add(id);
    this.soon();
  }

  /** The user has read something. */
  read(id: string): void {
    this.reads.add(id);
    this.soon();
  }

  /** A new connection: everything that the server does not know yet. */
  connected(): void {
    this.told.clear();
    this.got.clear();
    for (const id of this.store.state.list() ?? []) {
      const held = this.store.state.membership(id);
      if (held !== null && this.store.state.readTo(id) > held.read) this.reads.add(id);
    }
    if (this.reads.size > 0) this.soon();
  }

  /** Everything is here: so is what was sent before this browser was signed in. */
  synced(): void {
    const { state } = this.store;
    for (const id of state.list() ?? []) {
      const held = state.membership(id);
      if (held?.state === 'joined' && Math.max(held.delivered, held.read) < state.cursor(id)) this.delivered.add(id);
    }
    if (this.delivered.size > 0) this.soon();
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private soon(): void {
    this.timer ??= setTimeout(() => this.tell(), SOON);
  }

  private tell(): void {
    this.timer = null;
    const { state } = this.store;
    for (const id of this.reads) {
      const seq = state.readTo(id);
      if (seq <= (state.membership(id)?.read ?? 0) || seq <= (this.told.get(id) ?? 0)) continue;
      this.told.set(id, seq);
      // Reading implies having received.
      this.delivered.delete(id);
      void this.command({ type: 'cursor.read', conversation_id: id, seq }).catch(() => this.told.delete(id));
    }
    this.reads.clear();
    for (const id of [...this.delivered].slice(0, AT_ONCE)) {
      this.delivered.delete(id);
      this.tellDelivered(id, state.cursor(id));
    }
    if (this.delivered.size > 0) this.soon();
  }

  private tellDelivered(id: string, seq: number): void {
    if (seq <= Math.max(this.got.get(id) ?? 0, this.told.get(id) ?? 0)) return;
    this.got.set(id, seq);
    void this.command({ type: 'cursor.delivered', conversation_id: id, seq }).catch(() => this.got.delete(id));
  }
}
