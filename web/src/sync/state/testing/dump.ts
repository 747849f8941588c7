// Everything that can be seen of a state, in the form of the shared vectors.

import type { Core } from '../core';
import { compareIds } from '../ids';
import { isRelation } from '../people';
import type { State } from '../state';
import type { Fetch } from '../types';

const byId = (one: readonly [string, unknown], other: readonly [string, unknown]) => compareIds(one[0], other[0]);

export function dump(core: Core, state: State, now: number): unknown {
  const rooms = [...core.rooms].filter(([, room]) => room.conversation !== null);
  return {
    now,
    user: state.user(),
    epoch: state.epoch(),
    generation: state.generation(),
    version: state.version(),
    is_synced: state.isSynced(),
    account: state.account(),
    memberships: [...core.memberships].toSorted(byId).map(([, membership]) => membership),
    contacts: [...core.contacts].toSorted(byId).flatMap(([, contact]) => (isRelation(contact) ? [contact] : [])),
    presence: state.presence('2'),
    rooms: Object.fromEntries(
      rooms.map(([id, room]) => [
        id,
        {
          cursor: state.cursor(id),
          head: state.head(id),
          floor: room.floor,
          start: room.start,
          conversation: room.conversation,
          timeline: state.timeline(id)?.messages,
          elsewhere: room.messages.all().flatMap(({ message }) => (message.seq < room.floor ? [message] : [])),
          members: [...room.members].toSorted(byId).map(([, member]) => member),
          members_complete: state.membersComplete(id),
          member_count: state.memberCount(id),
          receipts: Object.fromEntries(state.receipts(id)),
          last_message: state.room(id)?.lastMessage?.seq,
          unread: state.room(id)?.unread,
          mentions: state.room(id)?.mentions,
          typing: state.typing(id, now),
        },
      ]),
    ),
  };
}

const KINDS = {
  account: 'account',
  ownChanges: 'own_changes',
  conversations: 'conversations',
  conversation: 'conversation',
  changes: 'changes',
} as const satisfies Record<Fetch['what'], string>;

export function spell({ what, ...rest }: Fetch): unknown {
  return { kind: KINDS[what], ...rest };
}

/** Without what means the same whether it is there or not. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, each]) => !isVoid(key, each));
  return Object.fromEntries(entries.map(([key, each]) => [key, plain(each)]));
}

function isVoid(key: string, value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return key === 'following' ? value === false : key === 'mentions' && Array.isArray(value) && value.length === 0;
}
