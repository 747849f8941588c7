// What the user keeps for oneself: drafts, scheduled messages, reminders, saved messages. Only drafts are held, by the keys
// that the composer has for them; of the others it is enough to know that they have changed, since their pages ask for them.

import type { Draft } from '@/protocol.gen';
import type { Core } from '../core';
import type { Noun } from '../types';
import type { Context, Handlers } from './event';
import { note } from './own';

/** Whoever waits for an answer takes it soon. */
const ANSWERS = 50;

export function keyOfDraft({ conversation_id, parent_id }: Draft): string {
  return typeof parent_id === 'string' ? `${conversation_id}/${parent_id}` : conversation_id;
}

export function takeDraft(core: Core, draft: Draft): void {
  const key = keyOfDraft(draft);
  if ((core.drafts.get(key)?.version ?? 0) >= draft.version) return;
  core.drafts.set(key, draft);
  core.log.show('own:drafts');
}

const changed =
  (noun: Noun) =>
  (core: Core, { version }: { version: number }, context: Context): boolean => {
    core.log.show(`own:${noun}`);
    return note(core, version, context);
  };

export const personalHandlers: Handlers = {
  'draft.updated': (core, { draft, version }, context) => {
    takeDraft(core, draft);
    return note(core, version, context);
  },
  'scheduled.updated': changed('scheduled'),
  'reminder.updated': changed('reminders'),
  'reminder.due': changed('reminders'),
  'saved.updated': changed('saved'),
  'command.answered': (core, event) => {
    core.answered.set(event.invocation_id, event);
    for (const id of [...core.answered.keys()].slice(0, -ANSWERS)) core.answered.delete(id);
    core.log.show('own:answers');
    return false;
  },
  'emoji.updated': (core, { version }) => {
    core.emoji = version;
    core.log.show('own:emoji');
    return false;
  },
};
