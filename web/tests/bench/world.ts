// What the client is measured on: one conversation with a long history, and many with a page of it.

import type { Conversation } from '@/protocol.gen';
import { Person } from '../harness/person';
import type { Server } from '../harness/server';

const HISTORY = 100_000;
// As many as the list shows without being scrolled.
const SHORT = 9;

export interface World {
  readonly me: Person;
  readonly other: Person;
  /** With a history of 100,000 messages. */
  readonly long: Conversation;
  /** With a page of history each. */
  readonly short: readonly Conversation[];
}

export async function populate(server: Server): Promise<World> {
  const me = await Person.register(server, 'robin', 'Robin', server.ownerCode ?? undefined);
  const other = await Person.register(server, 'sam', 'Sam');
  const short: Conversation[] = [];
  for (let index = 1; index <= SHORT; index++) short.push(await filled(other, me, `Short ${index}`, 60));
  // The last to be filled is the first in the list.
  const long = await filled(other, me, 'Long', HISTORY);
  return { me, other, long, short };
}

async function filled(other: Person, me: Person, name: string, count: number): Promise<Conversation> {
  const group = await other.group(name, me);
  await other.post(
    group,
    Array.from({ length: count }, (_, index) => text(index)),
  );
  await me.call('PUT', `/conversations/${group.id}/read`, {});
  return group;
}

const words = 'the beam goes through and nobody has to wait for it which is how it should be'.split(' ');

/** Texts of different lengths, some with markup, as in life. */
export function text(index: number): string {
  const length = 3 + ((index * 7919) % 40);
  const line = Array.from({ length }, (_, at) => words[(index + at) % words.length]).join(' ');
  return index % 9 === 0 ? `**${index}** ${line} with \`code\`` : `${index} ${line}`;
}
