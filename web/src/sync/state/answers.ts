// Answers to what the state wanted. Each function takes the answer to one kind of question.
//
// An answer may be late: the conversation may have been dropped and loaded again since it was asked for. So it says what
// it was asked *after*, and moves a cursor only when the cursor has at least got there.

import type { Account, Changes, ConversationView, OwnChanges, Polled } from '@/protocol.gen';
import { type Core, NOTHING } from './core';
import { handle } from './handlers';
import { isSame, isSet } from './message';
import { takeAccount, takeSummary } from './people';
import type { Standing } from './types';
import { takeView } from './view';

export function standing(core: Core, id: string): Standing {
  const version = core.memberships.get(id)?.version ?? 0;
  return { generation: core.generation, version, head: core.rooms.get(id)?.head ?? 0 };
}

export function answerAccount(core: Core, account: Account): void {
  core.user ??= account.user.id;
  core.reachVersion(account.version);
  takeAccount(core, account, true);
  core.log.meta = true;
}

/** The whole list of the user's conversations. */
export function answerConversations(core: Core, views: readonly ConversationView[]): void {
  core.listed = true;
  core.log.meta = true;
  core.log.show('list');
  for (const view of views) answerConversation(core, view);
}

export function answerConversation(core: Core, view: ConversationView): void {
  const { id, membership } = view;
  const held = core.memberships.get(id);
  const room = core.rooms.get(id);
  if (!isSet(membership)) {
    // A public channel that the user is not in (any more); unless the answer is from before they came back.
    if (room !== undefined && room.head > view.seq) return;
    if (core.hasLeft(id)) core.leave(id);
    else core.gone(id);
    return;
  }
  // The same version again may come with newer counts, since messages arrive without touching the membership; or, when
  // answers overtake each other, with older ones.
  const version = held?.version ?? 0;
  const newest =
    membership.version > version || (membership.version === version && view.seq >= (room?.counted.at ?? 0));
  if (newest && !isSame(held, membership)) core.setMembership(membership);
  const present = core.memberships.get(id);
  if (present?.state !== 'joined') {
    core.leave(id);
    return;
  }
  takeView(core.enter(id), view, newest ? membership : present, newest, core.log);
  if (isSet(view.peer)) takeSummary(core, view.peer);
}

/** There is no such conversation, or not for this user; whoever has come back since it was asked for stays. */
export function answerNotFound(core: Core, id: string, asked: Standing): void {
  if (isSame(standing(core, id), asked)) core.gone(id);
}

/** A page of `changes` that was asked for with `after`. */
export function answerChanges(core: Core, id: string, after: number, changes: Changes): void {
  if (!core.rooms.has(id)) return;
  if (changes.head < after) {
    // The cursor is of a past that the server does not share.
    core.leave(id);
    return;
  }
  for (const event of changes.items) handle(core, event, { source: 'own', now: 0 });
  const room = core.rooms.get(id);
  if (room === undefined) return;
  for (const receipt of changes.receipts ?? []) room.takeReceipt(receipt);
  room.reach(changes.head);
  const next = changes.next ?? null;
  if (next !== null) room.mark(changes.head);
  if (room.cursor >= after && room.conversation !== null) room.advance(next ?? changes.head);
}

/** A page of `me/changes` that was asked for with `after`. */
export function answerOwnChanges(core: Core, after: number, changes: OwnChanges): void {
  if (changes.head < after) {
    core.forgetOwn();
    return;
  }
  for (const event of changes.items) handle(core, event, { source: 'own', now: 0, dense: false });
  core.reachVersion(changes.head);
  if (core.version >= after) core.advanceVersion(changes.next ?? changes.head);
}

/** The answer to a long poll that began with `hello`. */
export function answerPoll(core: Core, polled: Polled, now: number): void {
  if (core.epoch !== polled.epoch) core.restart(polled.epoch, core.user);
  const { cursors, version } = core.offered;
  core.offered = NOTHING;
  const toldBehind = new Set<string>();
  for (const event of polled.items) {
    if (event.type === 'conversation.behind') toldBehind.add(event.conversation_id);
    else handle(core, event, { source: 'shared', now });
  }
  for (const event of polled.items) {
    if (event.type === 'conversation.behind') handle(core, event, { source: 'shared', now });
  }
  const offered = new Map(Object.entries(cursors ?? {}));
  const reached = new Map(Object.entries(polled.cursors));
  // A conversation that the server no longer lists has been left; one whose cursor went back has been restored.
  for (const [id, cursor] of offered) if ((reached.get(id) ?? -1) < cursor) core.leave(id);
  for (const [id, to] of reached) {
    const room = core.enter(id);
    room.reach(to);
    if (room.conversation !== null && offered.has(id) && !toldBehind.has(id)) room.advance(to);
  }
  if (version === null) core.reachVersion(polled.version);
  else if (version > polled.version) core.forgetOwn();
  else core.advanceVersion(polled.version);
  core.phase = { is: 'live' };
  core.log.show('status');
}
