// What came of the slash commands that were given here: lines above the composer that nobody else sees, for as long as the
// page is open or until they are put away.

import { useSyncExternalStore } from 'react';
import type { CommandAnswered } from '@/protocol.gen';
import { api } from '@/sync';

export interface Line {
  /** The client's name for the command: asking again under it asks for the same answer. */
  readonly id: string;
  /** The composer's place. */
  readonly place: string;
  readonly conversationId: string;
  /** The command as it was given. */
  readonly text: string;
  /** What the bot is called. */
  readonly bot: string;
  /** When the server was last asked. */
  readonly asked: number;
  readonly answered: CommandAnswered | null;
}

/** More would leave no room for the messages. */
const MOST = 5;

let lines: readonly Line[] = [];
const byPlace = new Map<string, readonly Line[]>();
const listeners = new Set<() => void>();
const NONE: readonly Line[] = [];

function set(next: readonly Line[]): void {
  lines = next;
  byPlace.clear();
  listeners.forEach((listener) => listener());
}

export function useLines(place: string): readonly Line[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => {
      let here = byPlace.get(place);
      if (!here) {
        here = lines.filter((line) => line.place === place).slice(-MOST);
        byPlace.set(place, here.length === 0 ? NONE : here);
      }
      return byPlace.get(place) ?? NONE;
    },
  );
}

/** Gives the command. What is refused leaves no line, and is thrown. */
export async function give(line: Omit<Line, 'id' | 'asked' | 'answered'>): Promise<void> {
  const given: Line = { ...line, id: crypto.randomUUID(), asked: Date.now(), answered: null };
  set([...lines, given]);
  try {
    await ask(given);
  } catch (problem) {
    drop(given.id);
    throw problem;
  }
}

/** Asks, for the first time or once more after an answer may have been missed. */
export async function ask({ id, conversationId, text }: Line): Promise<void> {
  set(lines.map((line) => (line.id === id ? { ...line, asked: Date.now() } : line)));
  const asked = { client_id: id, text };
  take(id, await api.post<CommandAnswered>(`/conversations/${conversationId}/commands`, asked));
}

export function take(id: string, answered: CommandAnswered): void {
  // What the bot says to all is a message like others.
  if (answered.message) drop(id);
  else {
    const bot = answered.bot.display_name;
    set(lines.map((line) => (line.id === id && !isDone(line) ? { ...line, bot, answered } : line)));
  }
}

export function drop(id: string): void {
  set(lines.filter((line) => line.id !== id));
}

/** Answered, or known not to be. Before that, what is held only says by which name the answer will come. */
export function isDone({ answered }: Line): boolean {
  return answered !== null && Boolean(answered.response ?? answered.failure);
}
