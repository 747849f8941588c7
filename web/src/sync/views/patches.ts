// Changes that are shown before the server has answered: a reaction, a setting. Each is laid over what is known, and taken
// away when the answer is there, which is then either what was laid over, or shows that it was refused.

import type { Membership, MembershipUpdate, Message } from '@/protocol.gen';
import type { Store } from '../store';

type Patch<T> = (value: T) => T;

export class Patches {
  private readonly messages = new Map<string, readonly Patch<Message>[]>();
  private readonly memberships = new Map<string, readonly Patch<Membership>[]>();
  private patched = new WeakMap<Message, Message>();

  constructor(private readonly store: Store) {}

  message(message: Message): Message {
    const patches = this.messages.get(message.id);
    if (patches === undefined) return message;
    const held = this.patched.get(message);
    if (held !== undefined) return held;
    const result = patches.reduce((value, patch) => patch(value), message);
    this.patched.set(message, result);
    return result;
  }

  /** The same array when nothing is laid over any of them. */
  all(messages: readonly Message[]): readonly Message[] {
    if (this.messages.size === 0 || !messages.some(({ id }) => this.messages.has(id))) return messages;
    return messages.map((message) => this.message(message));
  }

  membership(membership: Membership): Membership {
    const patches = this.memberships.get(membership.conversation_id);
    return patches === undefined ? membership : patches.reduce((value, patch) => patch(value), membership);
  }

  hasMembership(id: string): boolean {
    return this.memberships.has(id);
  }

  /** Shows a patch while `work` runs. */
  async onMessage<T>(message: Message, patch: Patch<Message>, work: () => Promise<T>): Promise<T> {
    const take = put(this.messages, message.id, patch);
    const keys = [`timeline:${message.conversation_id}`] as const;
    this.patched = new WeakMap();
    this.store.changed(...keys);
    try {
      return await work();
    } finally {
      take();
      this.patched = new WeakMap();
      this.store.changed(...keys);
    }
  }

  async onMembership<T>(id: string, update: MembershipUpdate, work: () => Promise<T>): Promise<T> {
    const take = put(this.memberships, id, (held: Membership) => ({
      ...held,
      ...(update.favourite === undefined || update.favourite === null ? {} : { favourite: update.favourite }),
      ...(update.notifications_muted_until === undefined
        ? {}
        : { notifications_muted_until: update.notifications_muted_until }),
    }));
    this.store.changed(`room:${id}`);
    try {
      return await work();
    } finally {
      take();
      this.store.changed(`room:${id}`);
    }
  }
}

function put<T>(all: Map<string, readonly Patch<T>[]>, id: string, patch: Patch<T>): () => void {
  all.set(id, [...(all.get(id) ?? []), patch]);
  return () => {
    const left = (all.get(id) ?? []).filter((each) => each !== patch);
    if (left.length === 0) all.delete(id);
    else all.set(id, left);
  };
}
