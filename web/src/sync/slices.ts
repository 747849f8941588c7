// The slices of the state that hooks show: what each is called, which changes concern it, and how it is computed.

import type { CommandAnswered, Contact, Message, Presence, User, UserSummary } from '@/protocol.gen';
import type { Account as Own } from '@/protocol.gen';
import type { Account } from './account';
import type { ConversationEntry, MembersView, Pending, ReceiptEntry, ThreadView, Upload } from './contract';
import type { Noun, RoomView } from './state';

export interface Slice<T> {
  readonly name: string;
  readonly keys: readonly string[];
  readonly read: (account: Account) => T;
  /** When nobody is signed in. */
  readonly none: T;
}

const NO_ONES: readonly never[] = [];
const NO_KEYS: ReadonlySet<string> = new Set();
const entries = new WeakMap<RoomView, ConversationEntry>();

function entry({ store, views }: Account, id: string): ConversationEntry | null {
  const room = store.state.room(id);
  if (room === null || room.membership === null) return null;
  if (views.patches.hasMembership(id)) return { ...room, membership: views.patches.membership(room.membership) };
  let held = entries.get(room);
  if (held === undefined) {
    held = { ...room, membership: room.membership };
    entries.set(room, held);
  }
  return held;
}

export const ownAccount: Slice<Own | null> = {
  name: 'account',
  keys: ['account'],
  read: ({ store }) => store.state.account(),
  none: null,
};

export const conversations: Slice<readonly ConversationEntry[] | null> = {
  name: 'conversations',
  keys: ['list', 'rooms'],
  read: (account) => account.store.state.list()?.flatMap((id) => entry(account, id) ?? []) ?? null,
  none: null,
};

export const conversation = (id: string): Slice<ConversationEntry | null> => ({
  name: `conversation ${id}`,
  keys: [`room:${id}`],
  read: (account) => entry(account, id),
  none: null,
});

export const pending = (id: string, parentId: string | null): Slice<readonly Pending[]> => ({
  name: `pending ${id} ${parentId ?? ''}`,
  keys: [`pending:${id}`, `timeline:${id}`],
  read: ({ queue }) => queue.shown(id, parentId),
  none: NO_ONES,
});

export const message = (id: string, seq: number): Slice<Message | null> => ({
  name: `message ${id} ${seq}`,
  keys: [`timeline:${id}`],
  read: ({ store, views }) => {
    const held = store.state.message(id, seq);
    return held === null ? null : views.patches.message(held);
  },
  none: null,
});

export const thread = (id: string, parentId: string): Slice<Omit<ThreadView, 'loadMore'>> => ({
  name: `thread ${id} ${parentId}`,
  keys: [`timeline:${id}`, `thread:${parentId}`],
  read: ({ store, views }) => {
    const { parent: fetched, complete, loading, problem } = views.threads.of(parentId);
    const parent = store.state.messageById(id, parentId) ?? fetched;
    const replies = views.patches.all(store.state.replies(id, parentId));
    return { parent: parent === null ? null : views.patches.message(parent), replies, complete, loading, problem };
  },
  none: { parent: null, replies: NO_ONES, complete: false, loading: false, problem: null },
});

export const pins = (id: string): Slice<{ messages: readonly Message[]; loading: boolean }> => ({
  name: `pins ${id}`,
  keys: [`timeline:${id}`, `pins:${id}`],
  read: ({ store, views }) => ({
    messages: views.patches.all(store.state.pins(id)),
    loading: views.pins.isLoading(id),
  }),
  none: { messages: NO_ONES, loading: false },
});

/** A view without its members, to compare by. */
export const members = (id: string): Slice<MembersView> => ({
  name: `members ${id}`,
  keys: [`members:${id}`],
  read: ({ views }) => views.members.view(id),
  none: {
    members: NO_ONES,
    complete: false,
    loading: false,
    problem: null,
    loadMore: () => undefined,
  },
});

export const receipts = (id: string): Slice<readonly ReceiptEntry[]> => ({
  name: `receipts ${id}`,
  keys: [`receipts:${id}`],
  read: ({ store }) =>
    [...store.state.receipts(id)]
      .filter(([userId]) => userId !== store.userId)
      .map(([userId, { delivered, read }]) => ({ userId, delivered, read })),
  none: NO_ONES,
});

export const typing = (id: string): Slice<readonly string[]> => ({
  name: `typing ${id}`,
  keys: [`typing:${id}`],
  read: ({ views }) => views.typing.who(id),
  none: NO_ONES,
});

export const user = (id: string): Slice<UserSummary | null> => ({
  name: `user ${id}`,
  keys: [`user:${id}`],
  read: ({ store }) => store.state.summary(id),
  none: null,
});

export const profile = (id: string): Slice<User | null> => ({
  name: `profile ${id}`,
  keys: [`user:${id}`],
  read: ({ store }) => store.state.profile(id),
  none: null,
});

export const presence = (id: string): Slice<Presence | null> => ({
  name: `presence ${id}`,
  keys: [`presence:${id}`],
  read: ({ store }) => store.state.presence(id),
  none: null,
});

export const contacts: Slice<readonly Contact[] | null> = {
  name: 'contacts',
  keys: ['contacts', 'list', 'account'],
  read: ({ store }) => (store.state.list() === null ? null : store.state.contacts()),
  none: null,
};

export const changes = (noun: Noun): Slice<number> => ({
  name: `own ${noun}`,
  keys: [`own:${noun}`],
  read: ({ store }) => store.state.stamp(noun),
  none: 0,
});

export const answered = (id: string): Slice<CommandAnswered | null> => ({
  name: `answered ${id}`,
  keys: ['own:answers'],
  read: ({ store }) => store.state.answered(id),
  none: null,
});

export const draft = (key: string): Slice<string> => ({
  name: `draft ${key}`,
  keys: [`draft:${key}`],
  read: ({ views }) => views.drafts.text(key),
  none: '',
});

export const uploads = (place: string): Slice<readonly Upload[]> => ({
  name: `uploads ${place}`,
  keys: ['uploads'],
  read: (account) => account.uploads.at(place),
  none: NO_ONES,
});

export const draftKeys: Slice<ReadonlySet<string>> = {
  name: 'drafts',
  keys: ['drafts'],
  read: ({ views }) => views.drafts.keys(),
  none: NO_KEYS,
};
