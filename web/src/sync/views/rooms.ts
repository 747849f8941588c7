// Reading a conversation's messages and members from the disk when it is first looked at, and telling which timelines are
// on the screen, so that what is far away from all of them can be let go.

import type { ConversationView, Message } from '@/protocol.gen';
import { Refused } from '../refusal';
import type { Store } from '../store';

/** An answer is rarely refused even once. */
const ATTEMPTS = 5;

export class Rooms {
  private readonly loading = new Map<string, Promise<void>>();

  constructor(private readonly store: Store) {}

  /** Resolves when what the disk has of the conversation is known. */
  async load(id: string): Promise<void> {
    const { state } = this.store;
    if (!state.isStored(id)) return;
    let loading = this.loading.get(id);
    if (loading === undefined) {
      loading = this.read(id).finally(() => this.loading.delete(id));
      this.loading.set(id, loading);
    }
    await loading;
  }

  private async read(id: string): Promise<void> {
    const { state, disk, claims, rest } = this.store;
    const { record, members, messages } = await disk.readRoom(id);
    if (!claims.holds(id, record)) {
      const view = await rest.get<ConversationView>(`/conversations/${id}`);
      state.gone(id);
      state.answerConversation(view);
      claims.forget(id);
    } else if (state.isStored(id)) {
      state.load(id, members, messages);
    }
    this.store.changed();
  }

  /**
   * Asks for messages until the state takes them. It refuses an answer that is older than what it holds, and one about a
   * conversation that it has not heard of yet, which right after the start may be any.
   */
  async ask<T>(id: string, question: () => Promise<T>, messages: (answer: T) => readonly Message[]): Promise<T> {
    const { state } = this.store;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      await this.load(id);
      const asked = state.asked(id);
      const answer = await question();
      if (state.answerMessages(id, messages(answer), asked)) return answer;
      await this.known(id);
    }
    // What was not taken is not there: whoever asked shows that, and may try again.
    throw new Refused({ code: 'conflict' });
  }

  /** Resolves when the conversation is known, from wherever. */
  async known(id: string): Promise<void> {
    const { state, hub } = this.store;
    if (state.room(id) !== null) return;
    await new Promise<void>((resolve) => {
      const stop = hub.listen([`room:${id}`, 'list', '*'], () => {
        if (state.room(id) === null) return;
        stop();
        resolve();
      });
    });
  }
}
