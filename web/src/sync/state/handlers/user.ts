// Users: their profiles and their presence.

import type { Presence } from '@/protocol.gen';
import type { Core } from '../core';
import { isSame } from '../message';
import { takeProfile } from '../people';
import type { Handlers } from './event';

export function takePresence(core: Core, presence: Presence): false {
  if (!isSame(core.presence.get(presence.user_id), presence)) {
    core.presence.set(presence.user_id, presence);
    core.log.show(`presence:${presence.user_id}`);
  }
  return false;
}

/** The wire names the event in the same object, which is not part of the presence. */
function presenceOf({ last_seen_at, status, user_id }: Presence): Presence {
  return { user_id, status, ...(last_seen_at !== undefined && { last_seen_at }) };
}

export const userHandlers: Handlers = {
  'user.online': (core, event) => takePresence(core, presenceOf(event)),
  'user.offline': (core, event) => takePresence(core, presenceOf(event)),
  'user.updated': (core, { user }) => {
    takeProfile(core, user);
    return false;
  },
  ack: (core, { presence = [] }) => {
    for (const each of presence) takePresence(core, each);
    return false;
  },
};
