// What the switcher offers: what waits and what was used last when nothing is typed, otherwise what answers the text.

import { nameOf } from '@/lib/entry';
import { score } from '@/lib/search';
import type { TextKey, Translate } from '@/lib/text';
import type { UserSummary } from '@/protocol.gen';
import type { ConversationEntry } from '@/sync';

export interface Command {
  readonly label: TextKey;
  readonly run: () => void;
  readonly admin?: boolean;
}

export type Choice =
  | { readonly kind: 'conversation'; readonly key: string; readonly entry: ConversationEntry }
  | { readonly kind: 'person'; readonly key: string; readonly person: UserSummary }
  | { readonly kind: 'command'; readonly key: string; readonly command: Command }
  | { readonly kind: 'search'; readonly key: string; readonly text: string };

export interface Group {
  readonly title: TextKey;
  readonly choices: readonly Choice[];
}

export interface Known {
  /** The most recently active first. */
  readonly entries: readonly ConversationEntry[];
  /** People besides those with whom there is a conversation already. */
  readonly people: readonly UserSummary[];
  readonly commands: readonly Command[];
  readonly current: string | null;
}

const MOST = { conversation: 12, person: 6, command: 6, recent: 8 } as const;

function ofEntry(entry: ConversationEntry): Choice {
  return { kind: 'conversation', key: entry.conversation.id, entry };
}

function waits({ membership, unread, mentions }: ConversationEntry): boolean {
  const until = membership.notifications_muted_until;
  return (until && new Date(until).getTime() > Date.now() ? mentions : unread) > 0;
}

function best<T>(all: readonly T[], worth: (item: T) => number, most: number): T[] {
  return all
    .map((item) => ({ item, worth: worth(item) }))
    .filter((found) => found.worth > 0)
    .toSorted((a, b) => b.worth - a.worth)
    .slice(0, most)
    .map((found) => found.item);
}

export function find(query: string, { entries, people, commands, current }: Known, t: Translate): Group[] {
  const text = query.trim();
  const groups: Group[] = [];
  const add = (title: TextKey, choices: readonly Choice[]) => {
    if (choices.length > 0) groups.push({ title, choices });
  };

  if (!text) {
    const others = entries.filter(({ conversation }) => conversation.id !== current && !conversation.archived_at);
    const unread = others.filter(waits).slice(0, MOST.conversation);
    const recent = others.filter((entry) => !unread.includes(entry)).slice(0, MOST.recent);
    add('switcher.unread', unread.map(ofEntry));
    add('switcher.recent', recent.map(ofEntry));
    return groups;
  }

  const worth = (entry: ConversationEntry, place: number) => {
    const found = score(text, nameOf(entry, t), entry.peer?.username, entry.conversation.topic);
    // Of two that answer equally well, the more recent; an archived one comes last.
    return found === 0 ? 0 : Math.max(0.01, found - place / 100_000 - (entry.conversation.archived_at ? 0.3 : 0));
  };
  const places = new Map(entries.map((entry, index) => [entry, index]));
  add(
    'switcher.conversations',
    best(entries, (entry) => worth(entry, places.get(entry) ?? 0), MOST.conversation).map(ofEntry),
  );
  add(
    'switcher.people',
    best(people, (person) => score(text, person.display_name, person.username), MOST.person).map((person) => ({
      kind: 'person',
      key: person.id,
      person,
    })),
  );
  add(
    'switcher.commands',
    best(commands, (command) => score(text, t(command.label)), MOST.command).map((command) => ({
      kind: 'command',
      key: command.label,
      command,
    })),
  );
  return groups;
}
