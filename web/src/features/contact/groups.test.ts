// How relations are sorted into the groups that a person sees.

import { expect, test } from 'vitest';
import type { Contact, ContactState } from '@/protocol.gen';
import { sorted } from './groups';

function contact(name: string, state: ContactState, blocked = false): Contact {
  return { user: { id: name, username: name, display_name: name, avatar: null }, state, blocked, version: 1 };
}

test('everybody is in one group, by name', () => {
  const groups = sorted([
    contact('zoe', 'accepted'),
    contact('bob', 'pending'),
    contact('eve', 'accepted', true),
    contact('ann', 'accepted'),
    contact('tom', 'requested'),
    contact('kim', 'none'),
  ]);
  const names = Object.entries(groups).map(([group, of]) => [group, of.map(({ user }) => user.id)]);
  expect(Object.fromEntries(names)).toEqual({
    contacts: ['ann', 'zoe'],
    incoming: ['bob'],
    outgoing: ['tom'],
    blocked: ['eve'],
    none: ['kim'],
  });
});
