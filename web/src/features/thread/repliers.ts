// Who replied under which message, as far as the replies are held: the faces beside the number of replies. Only a few
// are shown, the latest first.

import type { Message } from '@/protocol.gen';

const FACES = 3;

/** By the id of the parent: the ids of those who replied last. */
export function repliers(messages: readonly Message[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    const message = messages[at];
    if (!message?.parent_id || message.deleted_at) continue;
    const known = found.get(message.parent_id) ?? [];
    if (known.length < FACES && !known.includes(message.sender_id)) known.push(message.sender_id);
    found.set(message.parent_id, known);
  }
  return found;
}
