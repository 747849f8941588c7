// A connection's life as the state sees it: from where it resumes, what is replayed, and what is still missing.

import type { Ready } from '@/protocol.gen';
import { type Core, NOTHING } from './core';
import { compareIds } from './ids';
import type { Room } from './room';
import type { Fetch, Resume } from './types';

/** Opens a connection: from where it resumes. */
export function hello(core: Core): Resume {
  const { epoch, version } = core;
  const held = [...core.rooms].filter(([, room]) => room.conversation !== null && !room.restart);
  const cursors = Object.fromEntries(held.map(([id, room]) => [id, room.cursor]));
  core.offered = epoch === null ? NOTHING : { cursors, version: version > 0 ? version : null, epoch };
  return core.offered;
}

/** The connection is gone, and with it what only a connection keeps right. */
export function disconnected(core: Core): void {
  core.phase = { is: 'offline' };
  core.offered = NOTHING;
  for (const user of core.presence.keys()) core.log.show(`presence:${user}`);
  for (const id of core.typing.keys()) core.log.show(`typing:${id}`);
  core.presence.clear();
  core.typing.clear();
  core.log.show('status');
}

export function ready(core: Core, event: Ready): void {
  if (core.epoch !== event.epoch || (core.user !== null && core.user !== event.user_id)) {
    core.restart(event.epoch, event.user_id);
  }
  if (core.user === null) {
    core.user = event.user_id;
    core.log.meta = true;
  }
  for (const id of event.reset ?? []) core.leave(id);
  const { cursors, version: offered } = core.offered;
  core.offered = NOTHING;
  const offer = new Map(Object.entries(cursors ?? {}));
  const heads = new Map(Object.entries(event.heads));
  // A cursor ahead of the server is one of a past that the server does not share.
  for (const id of core.rooms.keys()) {
    const head = heads.get(id);
    if (head === undefined || (offer.get(id) ?? 0) > head) core.leave(id);
  }
  if (offered !== null && offered > event.version) core.forgetOwn();
  core.reachVersion(event.version);
  const emoji = event.emoji_version ?? 0;
  if (core.emoji !== null && core.emoji !== emoji) core.log.show('own:emoji');
  core.emoji = emoji;
  for (const [id, head] of heads) {
    const room = core.enter(id);
    room.reach(head);
    room.mark(head);
  }
  const version = offered !== null && offered <= event.version ? event.version : null;
  // Who offered nothing, or nothing of this epoch, gets no replay and no `synced`.
  if (offer.size === 0 && version === null) {
    core.phase = { is: 'live' };
  } else {
    const replayed = [...heads].filter(([id]) => offer.has(id) && core.loaded(id) !== undefined);
    core.phase = { is: 'replaying', heads: new Map(replayed), version };
  }
  core.log.show('status');
}

export function synced(core: Core): void {
  const { phase } = core;
  if (phase.is !== 'replaying') return;
  core.phase = { is: 'live' };
  for (const [id, head] of phase.heads) core.rooms.get(id)?.advance(head);
  if (phase.version !== null) core.advanceVersion(phase.version);
  core.log.show('status');
}

export function behind(core: Core, id: string, head: number): void {
  if (core.phase.is === 'replaying') core.phase.heads.delete(id);
  core.rooms.get(id)?.behind(head);
}

/** Everything that is missing and can be asked for now. */
export function wants(core: Core): Fetch[] {
  const { phase } = core;
  if (phase.is === 'offline') return [];
  const replaying = phase.is === 'replaying' ? phase : null;
  const wanted: Fetch[] = [];
  if (core.account === null) wanted.push({ what: 'account' });
  if (core.version < core.versionHead && (replaying?.version ?? null) === null) {
    wanted.push({ what: 'ownChanges', after: core.version });
  }
  if (!core.listed) wanted.push({ what: 'conversations' });
  const whole: string[] = [];
  const changes: Room[] = [];
  for (const [id, room] of core.rooms) {
    if (room.conversation === null || room.restart || room.recount) {
      // Until the list has come, what is unknown is expected to be in it.
      if (core.listed || room.conversation !== null) whole.push(id);
    } else if (room.isBehind() && replaying?.heads.has(id) !== true) {
      changes.push(room);
    }
  }
  if (core.listed) {
    for (const [id, { state }] of core.memberships) if (state === 'joined' && !core.rooms.has(id)) whole.push(id);
  }
  for (const id of whole.toSorted(compareIds)) wanted.push({ what: 'conversation', id });
  for (const { id, cursor } of changes.toSorted((one, other) => compareIds(one.id, other.id))) {
    wanted.push({ what: 'changes', id, after: cursor });
  }
  return wanted;
}
