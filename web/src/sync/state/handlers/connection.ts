// What the server says of the connection itself.

import { behind, ready, synced } from '../connection';
import type { Handlers } from './event';

export const connectionHandlers: Handlers = {
  ready: (core, event) => {
    ready(core, event);
    return true;
  },
  synced: (core) => {
    synced(core);
    return true;
  },
  'conversation.behind': (core, event) => {
    behind(core, event.conversation_id, event.head);
    return true;
  },
};
