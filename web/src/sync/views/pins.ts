// Pinned messages: fetched when they are first looked at; after that, events keep them right.

import type { Message, Page } from '@/protocol.gen';
import type { Store } from '../store';
import type { Rooms } from './rooms';

export class Pins {
  private readonly loaded = new Map<string, 'loading' | number>();

  constructor(
    private readonly store: Store,
    private readonly rooms: Rooms,
  ) {}

  isLoading(id: string): boolean {
    return this.loaded.get(id) === 'loading';
  }

  async load(id: string): Promise<void> {
    const { state, rest } = this.store;
    const held = this.loaded.get(id);
    if (held === 'loading' || held === state.generation()) return;
    this.loaded.set(id, 'loading');
    this.store.changed(`pins:${id}`);
    try {
      await this.rooms.known(id);
      await this.rooms.ask(
        id,
        () => rest.get<Page<Message>>(`/conversations/${id}/pins`, { limit: 100 }),
        ({ items }) => items,
      );
      this.loaded.set(id, state.generation());
    } catch {
      this.loaded.delete(id);
    }
    this.store.changed(`pins:${id}`);
  }
}
