// What one tab knows of one account: the pure state, and what tells the screen and the disk that it has changed. Changes
// that happen together are told together, so that no component renders twice for one event.

import type { Message } from '@/protocol.gen';
import type { Rest } from './api/rest';
import type { Connection } from './contract';
import type { Env } from './env';
import type { Hub } from './hub';
import type { State } from './state';
import type { Claims } from './storage/claims';
import type { Disk } from './storage/disk';

export class Store {
  private readonly dirty = new Set<string>();
  private scheduled = false;
  private flushed: (() => void)[] = [];
  connection: Connection;

  constructor(
    readonly env: Env,
    readonly hub: Hub,
    readonly rest: Rest,
    readonly disk: Disk,
    readonly userId: string,
    readonly state: State,
    readonly claims: Claims,
  ) {
    this.connection = { phase: 'connecting', since: env.now() };
  }

  /** The state was changed, and perhaps other slices as well. */
  changed(...keys: readonly string[]): void {
    keys.forEach((key) => this.dirty.add(key));
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => this.flush());
  }

  flush(): void {
    this.scheduled = false;
    const keys = [...this.dirty, ...this.state.takeChanges()];
    this.dirty.clear();
    if (keys.length > 0) this.hub.emit(keys);
    this.flushed.forEach((listener) => listener());
  }

  /** Called after each flush. */
  afterFlush(listener: () => void): void {
    this.flushed = [...this.flushed, listener];
  }

  setConnection(connection: Connection): void {
    const { phase, retryAt, since } = this.connection;
    if (phase === connection.phase && retryAt === connection.retryAt) return;
    this.connection = phase === connection.phase ? { ...connection, since } : connection;
    this.changed('connection');
  }

  /** The answer to one's own change of a message. */
  takeMessage(message: Message): void {
    const id = message.conversation_id;
    this.state.answerMessages(id, [message], this.state.asked(id));
    this.changed();
  }
}
