// Commands that begin with a slash: some that the client carries out by itself, and those that bots answer.

import { composerKey } from '@/lib/composing';
import { errorText } from '@/lib/error';
import { openOverlay } from '@/lib/overlay';
import { t, type TextKey } from '@/lib/text';
import type { Page, SlashCommand } from '@/protocol.gen';
import { actions, api, isOffline } from '@/sync';
import { toast } from '@/ui';
import { give } from './answers';

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

const LINE = /^\/([a-z0-9_-]{1,32})(?:@([a-z0-9._-]{1,50}))?(?:\s+([\s\S]*))?$/i;

const known = new Map<string, Promise<readonly SlashCommand[]>>();

/** The commands of the bots in a conversation: as they were known last, or, when it matters, as they are. */
export function commandsOf(conversationId: string, now = false): Promise<readonly SlashCommand[]> {
  let asked = known.get(conversationId);
  if (!asked || now) {
    asked = api.get<Page<SlashCommand>>(`/conversations/${conversationId}/commands`).then(({ items }) => items);
    known.set(conversationId, asked);
    // Out of reach: whoever needs them next asks again.
    asked.catch(() => known.delete(conversationId));
  }
  return asked;
}

/** The bot's command that a line means. What is not known may have been made since, or its bot have come. */
async function meant(conversationId: string, name: string, of: string | undefined): Promise<SlashCommand | undefined> {
  const isIt = (command: SlashCommand) =>
    command.name === name && (of === undefined || command.bot.username.toLowerCase() === of.toLowerCase());
  const held = (await commandsOf(conversationId).catch(() => [])).find(isIt);
  return held ?? (await commandsOf(conversationId, true).catch(() => [])).find(isIt);
}

/** What is sent instead; null when it was a command that sends nothing by itself. A line that is no command is itself. */
export async function run(given: Given): Promise<string | null> {
  const [, typed = '', of, words = ''] = LINE.exec(given.body) ?? [];
  const name = typed.toLowerCase();
  if (!name) return given.body;
  const own = of === undefined && builtIn.find((command) => command.name === name);
  if (own) return own.run(given, words.trim()) || null;
  const { conversationId, parentId, body: text } = given;
  const command = await meant(conversationId, name, of);
  if (!command) return text;
  const place = composerKey(conversationId, parentId);
  await give({ place, conversationId, text, bot: command.bot.display_name });
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
