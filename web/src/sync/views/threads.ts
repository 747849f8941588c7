// Threads: a message and the replies under it, pages of which are loaded as they are asked for.

import type { Message, ThreadPage } from '@/protocol.gen';
import type { Refusal } from '../contract';
import { asRefusal } from '../refusal';
import type { Store } from '../store';
import type { Rooms } from './rooms';

/** As many as the server gives at a time: the replies come oldest first, and people want the newest. */
const PAGE = 200;

interface Progress {
  readonly parent: Message | null;
  readonly next: string | null;
  readonly complete: boolean;
  readonly loading: boolean;
  readonly problem: Refusal | null;
}

const START: Progress = { parent: null, next: null, complete: false, loading: false, problem: null };

export class Threads {
  private readonly progress = new Map<string, Progress>();
  private readonly watching = new Map<string, { readonly conversation: string; count: number }>();

  constructor(
    private readonly store: Store,
    private readonly rooms: Rooms,
  ) {}

  of(parentId: string): Progress {
    return this.progress.get(parentId) ?? START;
  }

  /** The threads of a conversation that are on the screen. */
  open(conversationId: string): ReadonlySet<string> {
    const here = [...this.watching].filter(([, { conversation }]) => conversation === conversationId);
    return new Set(here.map(([parentId]) => parentId));
  }

  watch(conversationId: string, parentId: string): () => void {
    const watched = this.watching.get(parentId) ?? { conversation: conversationId, count: 0 };
    watched.count += 1;
    this.watching.set(parentId, watched);
    if (watched.count === 1) {
      this.progress.delete(parentId);
      void this.load(conversationId, parentId);
    }
    return () => {
      watched.count -= 1;
      if (watched.count === 0) this.watching.delete(parentId);
    };
  }

  async load(conversationId: string, parentId: string): Promise<void> {
    const { rest } = this.store;
    const held = this.of(parentId);
    if (held.loading || held.complete) return;
    this.set(parentId, { ...held, loading: true, problem: null });
    try {
      const query = { limit: PAGE, cursor: held.next ?? undefined };
      const page = await this.rooms.ask(
        conversationId,
        () => rest.get<ThreadPage>(`/messages/${parentId}/thread`, query),
        ({ parent, items }) => [parent, ...items],
      );
      const next = page.next ?? null;
      const done = { parent: page.parent, next, complete: next === null, loading: false, problem: null };
      this.set(parentId, done);
    } catch (thrown) {
      this.set(parentId, { ...held, loading: false, problem: asRefusal(thrown) });
    }
  }

  private set(parentId: string, progress: Progress): void {
    this.progress.set(parentId, progress);
    this.store.changed(`thread:${parentId}`);
  }
}
