// What every handler of events has in common.

import type { Event } from '@/protocol.gen';
import type { Core } from '../core';
import type { Source } from '../message';
import type { Room } from '../room';

export interface Context {
  /** For whom the event was made. */
  readonly source: Source;
  /** In milliseconds; dates signals only. */
  readonly now: number;
  /** False for a page of changes, whose versions have holes and whose end says how far it goes. */
  readonly dense?: boolean;
}

export type EventOf<Type extends Event['type']> = Extract<Event, { type: Type }>;

/** Applies an event, and returns whether what is wanted may have changed. */
export type Handler<Type extends Event['type']> = (core: Core, event: EventOf<Type>, context: Context) => boolean;

export type Handlers = { readonly [Type in Event['type']]?: Handler<Type> };

/** An event with a seq has arrived. Null when it tells of a conversation that the user has left. */
export function enter(core: Core, id: string, joins = false): Room | null {
  const held = core.rooms.get(id);
  if (held !== undefined) return held;
  return core.hasLeft(id) && !joins ? null : core.enter(id);
}

/** Whether something is wanted of a conversation after an event that changed it. */
export function wantsOf(core: Core, id: string): boolean {
  return core.rooms.get(id)?.wants() ?? true;
}
