// Objects for examples: a state with one conversation, and messages in it.

import type { ConversationView, Event, Message } from '@/protocol.gen';
import { State } from '../state';

const TIME = '2026-01-01T00:00:00.000Z';

export function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    id: `${1000 + seq}`,
    conversation_id: '1',
    seq,
    changed: seq,
    sender_id: '2',
    client_id: `c${seq}`,
    type: 'text',
    body: `message ${seq}`,
    created_at: TIME,
    edited_at: null,
    deleted_at: null,
    parent_id: null,
    last_reply_at: null,
    pinned_at: null,
    reply_count: 0,
    reactions: [],
    attachments: [],
    ...more,
  };
}

export function messages(from: number, to: number): Message[] {
  return Array.from({ length: to - from + 1 }, (_, at) => message(from + at));
}

export function view(seq: number, more: Partial<ConversationView> = {}): ConversationView {
  return {
    id: '1',
    type: 'group',
    name: 'a',
    topic: null,
    avatar: null,
    public: false,
    read_only: false,
    slow_mode_seconds: 0,
    expire_seconds: null,
    created_by: '1',
    created_at: TIME,
    archived_at: null,
    changed: 1,
    member_count: 2,
    seq,
    membership: {
      conversation_id: '1',
      role: 'member',
      state: 'joined',
      joined_at: TIME,
      muted_until: null,
      notifications_muted_until: null,
      notify: 'default',
      delivered: 0,
      read: seq,
      unread: 0,
      mentions: 0,
      favourite: false,
      version: 1,
    },
    last_message: null,
    ...more,
  };
}

/** A live state of user 1 with conversation 1, whose log is at `head`. */
export function begun(head: number, more: Partial<ConversationView> = {}): State {
  const state = new State();
  connect(state, head);
  state.answerConversations([view(head, more)]);
  state.takeChanges();
  return state;
}

export function connect(state: State, head: number, replay: readonly Event[] = []): void {
  state.hello();
  state.apply(
    {
      type: 'ready',
      connection_id: 'c',
      user_id: '1',
      session_id: '1',
      epoch: 'e',
      version: 1,
      heads: { '1': head },
      heartbeat_seconds: 30,
    },
    0,
  );
  for (const event of [...replay, { type: 'synced' } as const]) state.apply(event, 0);
}

/** The newest message arrives live. */
export function post(state: State, sent: Message): void {
  state.apply({ type: 'message.sent', conversation_id: '1', seq: sent.changed, message: sent }, 0);
}

/** A message changes, as all members are told. */
export function change(state: State, changed: Message): void {
  const type = typeof changed.deleted_at === 'string' ? 'message.deleted' : 'message.updated';
  state.apply({ type, conversation_id: '1', seq: changed.changed, message: changed }, 0);
}
