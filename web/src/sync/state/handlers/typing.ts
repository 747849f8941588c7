// Who is typing. A signal ends by itself.

import type { Handlers } from './event';

/** How long a signal holds if it is not repeated, in milliseconds. */
const TYPING_LASTS = 6_000;

export const typingHandlers: Handlers = {
  'typing.started': (core, { conversation_id: id, user_id }, { now }) => {
    const until = now + TYPING_LASTS;
    const typing = core.typing.get(id);
    if (typing === undefined) core.typing.set(id, new Map([[user_id, until]]));
    else typing.set(user_id, until);
    core.log.show(`typing:${id}`);
    return false;
  },
  'typing.stopped': (core, { conversation_id: id, user_id }) => {
    core.stopTyping(id, user_id);
    return false;
  },
};
