// Commands that begin with a slash: some that the client carries out by itself, and those that bots answer.

import { errorText } from '@/lib/error';
import { openOverlay } from '@/lib/overlay';
import { t, type TextKey } from '@/lib/text';
import type { CommandAnswered, Page } from '@/protocol.gen';
import type { SlashCommand } from '@/protocol.soon';
import { actions, api, isOffline } from '@/sync';
import { toast } from '@/ui';

export interface Given {
  readonly conversationId: string;
  readonly parentId: string | undefined;
  readonly body: string;
}

export interface BuiltIn {
  readonly name: string;
  readonly usage: TextKey;
  readonly description: TextKey;
  /** The message that it becomes, or null when it does something else. */
  readonly run: (given: Given, words: string) => string | null;
}

export const builtIn: readonly BuiltIn[] = [
  {
    name: 'shrug',
    usage: 'slash.text',
    description: 'slash.shrug',
    // Its arms are marks of formatting, and stand for themselves here.
    run: (_, words) => `${words} ¯\\\\\\_(ツ)\\_/¯`.trim(),
  },
  { name: 'me', usage: 'slash.text', description: 'slash.me', run: (_, words) => (words ? `_${words}_` : '') },
  {
    name: 'poll',
    usage: 'slash.question',
    description: 'slash.poll',
    run: ({ conversationId, parentId }, question) => {
      openOverlay({ kind: 'create-poll', conversationId, question, ...(parentId && { parentId }) });
      return null;
    },
  },
  {
    name: 'remind',
    usage: 'slash.text',
    description: 'slash.remind',
    run: (_, text) => {
      openOverlay({ kind: 'remind', text });
      return null;
    },
  },
];

const LINE = /^\/([a-z0-9_-]{1,32})(?:\s+([\s\S]*))?$/i;

const known = new Map<string, Promise<readonly SlashCommand[]>>();

/** The commands of the bots in a conversation; asked once per page load and conversation. */
export function commandsOf(conversationId: string): Promise<readonly SlashCommand[]> {
  let asked = known.get(conversationId);
  if (!asked) {
    asked = api.get<Page<SlashCommand>>(`/conversations/${conversationId}/commands`).then(({ items }) => items);
    known.set(conversationId, asked);
    // Out of reach: whoever needs them next asks again.
    asked.catch(() => known.delete(conversationId));
  }
  return asked;
}

async function give({ conversationId, body }: Given, name: string): Promise<void> {
  const asked = { client_id: crypto.randomUUID(), text: body };
  const { response, message } = await api.post<CommandAnswered>(`/conversations/${conversationId}/commands`, asked);
  if (response) openOverlay({ kind: 'command-answer', command: name, text: response });
  else if (!message) toast(t('slash.given', { name }));
}

/** What is sent instead; null when it was a command that sends nothing by itself. A line that is no command is itself. */
export async function run(given: Given): Promise<string | null> {
  const [, typed = '', words = ''] = LINE.exec(given.body) ?? [];
  const name = typed.toLowerCase();
  if (!name) return given.body;
  const own = builtIn.find((command) => command.name === name);
  if (own) return own.run(given, words.trim()) || null;
  const commands = await commandsOf(given.conversationId).catch(() => []);
  if (!commands.some((command) => command.name === name)) return given.body;
  await give(given, name);
  return null;
}

/** Carries a line out, or sends it. Refused, it is given back to be written again. */
export async function carryOut(given: Given, giveBack: () => void): Promise<void> {
  try {
    const body = await run(given);
    if (body) actions.send(given.conversationId, body, given.parentId);
  } catch (problem) {
    giveBack();
    const why = errorText(isOffline(problem) ? { code: 'offline' } : problem);
    toast(t('slash.failed', { why }), { kind: 'problem' });
  }
}
