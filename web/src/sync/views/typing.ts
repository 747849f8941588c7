// Typing, both ways: others' ends by itself, and one's own is told at most every three seconds.

import type { Ack, Command } from '@/protocol.gen';
import type { Store } from '../store';

const TELL_EVERY = 3_000;
const LASTS = 6_000;

export class Typing {
  private readonly told = new Map<string, number>();
  private readonly ends = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(
    private readonly store: Store,
    private readonly command: (command: Command) => Promise<Ack>,
  ) {}

  /** Who is typing now. What is shown is looked at again when it ends. */
  who(id: string): readonly string[] {
    const { state, env, userId } = this.store;
    const who = state.typing(id, env.now()).filter((user) => user !== userId);
    if (who.length > 0 && !this.ends.has(id)) {
      const end = () => {
        this.ends.delete(id);
        this.store.changed(`typing:${id}`);
      };
      this.ends.set(id, setTimeout(end, LASTS / 6));
    }
    return who;
  }

  tell(id: string, on: boolean): void {
    const now = this.store.env.now();
    const last = this.told.get(id) ?? -Infinity;
    if (on && now - last < TELL_EVERY) return;
    if (!on && !this.told.has(id)) return;
    if (on) this.told.set(id, now);
    else this.told.delete(id);
    const type = on ? 'typing.start' : 'typing.stop';
    void this.command({ type, conversation_id: id }).catch(() => undefined);
  }

  stop(): void {
    this.ends.forEach((timer) => clearTimeout(timer));
  }
}
