// The map from an event's type to what applies it. A new family of events is a new file and a line here. What is not
// listed is of no concern to the state: answers to commands, and events of a later protocol.

import type { Event } from '@/protocol.gen';
import type { Core } from '../core';
import { connectionHandlers } from './connection';
import { conversationHandlers } from './conversation';
import type { Context, Handler, Handlers } from './event';
import { memberHandlers } from './member';
import { messageHandlers } from './message';
import { ownHandlers } from './own';
import { personalHandlers } from './personal';
import { receiptHandlers } from './receipt';
import { typingHandlers } from './typing';
import { userHandlers } from './user';

const handlers: Handlers = {
  ...connectionHandlers,
  ...messageHandlers,
  ...conversationHandlers,
  ...memberHandlers,
  ...ownHandlers,
  ...personalHandlers,
  ...receiptHandlers,
  ...typingHandlers,
  ...userHandlers,
};

/** Applies one event. Returns whether what is wanted may have changed. */
export function handle(core: Core, event: Event, context: Context): boolean {
  if (!Object.hasOwn(handlers, event.type)) return false;
  // The compiler cannot see that the event is of the type that its handler was looked up by; `Handlers` says so.
  const handler = handlers[event.type] as Handler<Event['type']> | undefined;
  return handler?.(core, event, context) ?? false;
}
