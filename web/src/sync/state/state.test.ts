// Examples of what a state shows, what it lets go of, and what it keeps between runs.

import { describe, expect, it } from 'vitest';
import type { State } from './state';
import { begun, change, connect, message, messages, post, view } from './testing/make';
import { Shelf } from './testing/shelf';

const seqs = (state: State, at: number | null = null) => state.timeline('1', at)?.messages.map(({ seq }) => seq);

/** With the messages from 1 to 200 held, all read. */
function long(): State {
  const state = begun(200);
  state.answerHistory('1', { before: 201 }, 200, messages(1, 200), state.asked('1'));
  return state;
}

describe('what is shown', () => {
  it('stays the same object until it changes, and says what did', () => {
    const state = begun(0);
    post(state, message(1));
    post(state, message(2));
    const [room, timeline, list] = [state.room('1'), state.timeline('1'), state.list()];
    expect([...state.takeChanges()].toSorted()).toEqual(['list', 'room:1', 'timeline:1']);
    post(state, message(2));
    expect(state.takeChanges().size).toBe(0);
    change(state, message(1, { changed: 3, body: 'edited' }));
    expect(state.list()).toBe(list);
    expect(state.room('1')).toBe(room);
    expect(state.timeline('1')).not.toBe(timeline);
    expect(state.timeline('1')?.messages[1]).toBe(timeline?.messages[1]);
    expect(state.message('1', 1)?.body).toBe('edited');
    state.apply({ type: 'typing.started', conversation_id: '1', user_id: '2' }, 1_000);
    expect(state.typing('1', 6_999)).toEqual(['2']);
    expect(state.typing('1', 7_000)).toEqual([]);
  });

  it('counts what is read here at once', () => {
    const state = begun(0);
    for (const each of messages(1, 4)) post(state, each);
    expect(state.room('1')?.unread).toBe(4);
    state.markRead('1', 3);
    expect(state.room('1')?.unread).toBe(1);
    state.markRead('1', 2);
    expect(state.readTo('1')).toBe(3);
  });

  it('subtracts what is read here from what the server counted', () => {
    const { membership } = view(10);
    const state = begun(10, { membership: membership && { ...membership, read: 4, unread: 6 } });
    state.answerHistory('1', { before: 11 }, 3, messages(8, 10), state.asked('1'));
    expect(state.room('1')?.unread).toBe(6);
    state.markRead('1', 8);
    expect(state.room('1')?.unread).toBeLessThan(6);
    state.markRead('1', 10);
    expect(state.room('1')?.unread).toBe(0);
  });
});

describe('islands', () => {
  it('grow together with the newest messages', () => {
    const state = begun(100);
    state.answerHistory('1', { around: 50 }, 10, messages(45, 54), state.asked('1'));
    expect(seqs(state)).toEqual([]);
    expect(state.timeline('1', 50)).toMatchObject({ from: 45, to: 54, newest: false });
    expect(state.timeline('1', 60)).toBeNull();
    state.answerHistory('1', { after: 54 }, 40, messages(55, 94), state.asked('1'));
    expect(state.timeline('1', 50)).toMatchObject({ from: 45, to: 94, newest: false });
    state.answerHistory('1', { after: 94 }, 40, messages(95, 100), state.asked('1'));
    expect(state.timeline('1', 50)).toMatchObject({ from: 45, to: 100, newest: true });
    post(state, message(101));
    expect(seqs(state, 50)).toEqual(messages(45, 101).map(({ seq }) => seq));
  });

  it('know where a conversation begins and ends', () => {
    const state = begun(100);
    state.answerHistory('1', { around: 3 }, 10, messages(4, 13), state.asked('1'));
    expect(state.timeline('1', 5)).toMatchObject({ from: 1, to: 13, newest: false });
    state.answerHistory('1', { around: 50 }, 10, messages(45, 54), state.asked('1'));
    expect(state.timeline('1', 50)).toMatchObject({ from: 45, to: 54, newest: false });
    state.answerHistory('1', { around: 98 }, 10, messages(91, 100), state.asked('1'));
    expect(state.timeline('1', 98)).toMatchObject({ from: 91, to: 100, newest: true });
  });

  it('do not survive when the conversation is loaded afresh', () => {
    const state = long();
    const asked = state.asked('1');
    connect(state, 20_000, [{ type: 'conversation.behind', conversation_id: '1', head: 20_000 }]);
    state.answerConversation(view(20_000));
    expect(seqs(state)).toEqual([]);
    expect(state.message('1', 200)).toBeNull();
    expect(state.answerHistory('1', { before: 100 }, 50, messages(50, 99), asked)).toBe(false);
    expect(state.answerMembers('1', [], asked)).toBe(false);
    expect(state.membersComplete('1')).toBe(false);
  });
});

describe('letting go', () => {
  it('keeps the newest, the pinned ones, open threads and what is on the screen', () => {
    const state = long();
    change(state, message(5, { changed: 201, pinned_at: '2026-01-02T00:00:00.000Z' }));
    change(state, message(8, { changed: 202, parent_id: '1007' }));
    expect(state.trim('1', 100, 110, new Set(['1007']))).toBeGreaterThan(0);
    expect(state.timeline('1', 105)).toMatchObject({ from: 100, to: 110, newest: false });
    expect(state.timeline('1')).toMatchObject({ from: 151, newest: true });
    expect(state.pins('1').map(({ seq }) => seq)).toEqual([5]);
    expect(state.replies('1', '1007').map(({ seq }) => seq)).toEqual([8]);
    expect(state.messageById('1', '1007')?.seq).toBe(7);
    expect(state.message('1', 6)).toBeNull();
    expect(state.room('1')?.lastMessage?.seq).toBe(200);
  });

  it('goes on counting, and asks when it cannot', () => {
    const state = begun(0);
    for (const each of messages(1, 200)) post(state, each);
    state.trim('1', 1, 0);
    expect(seqs(state)).toHaveLength(50);
    expect(state.room('1')?.unread).toBe(200);
    post(state, message(201));
    expect(state.room('1')?.unread).toBe(201);
    const none = { avatar: null, time_zone: null, status: null };
    const named = { username: 'a', display_name: '', about: '' };
    state.answerAccount({
      user: { id: '1', ...named, ...none, bot: false, server_role: 'member', created_at: '' },
      email: null,
      privacy: {},
      version: 1,
    });
    state.answerOwnChanges(0, { items: [], head: 1, next: null });
    expect(state.wants()).toEqual([]);
    change(state, message(3, { changed: 202, deleted_at: '2026-01-02T00:00:00.000Z' }));
    expect(state.wants()).toEqual([{ what: 'conversation', id: '1' }]);
  });

  it('refuses answers from before', () => {
    const state = long();
    const asked = state.asked('1');
    change(state, message(3, { changed: 201, body: 'edited' }));
    state.trim('1', 1, 0);
    expect(state.message('1', 3)).toBeNull();
    expect(state.answerMessages('1', messages(3, 3), asked)).toBe(false);
    expect(state.answerHistory('1', { before: 10 }, 9, messages(1, 9), asked)).toBe(false);
    expect(state.message('1', 3)).toBeNull();
  });
});

describe('late answers', () => {
  it('do not send away who has come back', () => {
    const state = begun(3);
    const { membership } = view(3);
    if (!membership) throw new Error('there is a membership');
    const asked = state.standing('1');
    for (const [version, is] of [
      [2, 'left'],
      [3, 'joined'],
    ] as const) {
      state.apply({ type: 'membership.updated', version, membership: { ...membership, version, state: is } }, 0);
    }
    state.answerNotFound('1', asked);
    expect(state.membership('1')?.version).toBe(3);
    state.answerNotFound('1', state.standing('1'));
    expect(state.membership('1')).toBeNull();
  });

  it('of a conversation do not count twice what a newer membership has counted', () => {
    const state = begun(10);
    const { membership } = view(12);
    if (!membership) throw new Error('there is a membership');
    connect(state, 12, [{ type: 'conversation.behind', conversation_id: '1', head: 20_000 }]);
    // Three are unread as of 13, but the view is as of 12, and has the membership of before.
    const newer = { ...membership, read: 8, unread: 3, version: 2 };
    state.apply({ type: 'membership.updated', version: 2, membership: newer }, 0);
    state.answerConversation(view(12));
    post(state, message(13));
    expect(state.wants()).toContainEqual({ what: 'conversation', id: '1' });
    state.answerConversation(view(13, { membership: newer }));
    expect(state.room('1')?.unread).toBe(3);
  });

  it('of a membership are not counted on from where messages are not held any more', () => {
    const state = begun(0);
    for (const each of messages(1, 200)) post(state, each);
    state.trim('1', 1, 0);
    const { membership } = view(0);
    if (!membership) throw new Error('there is a membership');
    state.apply({ type: 'membership.updated', version: 2, membership: { ...membership, read: 5, version: 2 } }, 0);
    expect(state.wants()).toContainEqual({ what: 'conversation', id: '1' });
  });
});

describe('between runs', () => {
  it('shows the list before any message is read from the disk', () => {
    const shelf = new Shelf();
    const before = long();
    for (const each of messages(201, 203)) post(before, each);
    shelf.write(before.takeWrites());
    const { state } = shelf.open();
    expect(state.list()).toEqual(['1']);
    expect(state.room('1')).toMatchObject({ unread: 3, lastMessage: { seq: 203 } });
    expect(state.isStored('1')).toBe(true);
    connect(state, 203);
    post(state, message(204));
    expect(state.room('1')).toMatchObject({ unread: 4, lastMessage: { seq: 204 } });
    expect(seqs(state)).toEqual([204]);
    shelf.load(state, '1');
    expect(state.isStored('1')).toBe(false);
    expect(state.room('1')?.unread).toBe(4);
    expect(seqs(state)).toEqual(messages(1, 204).map(({ seq }) => seq));
  });

  it('asks for the last message when the one that was known is deleted', () => {
    const shelf = new Shelf();
    shelf.write(long().takeWrites());
    const { state } = shelf.open();
    connect(state, 200);
    const wants = state.wants().length;
    change(state, message(200, { changed: 201, deleted_at: '2026-01-02T00:00:00.000Z' }));
    expect(state.wants()).toHaveLength(wants + 1);
  });

  it('writes only what changed', () => {
    const state = long();
    state.takeWrites();
    expect(state.takeWrites()).toBeNull();
    post(state, message(201));
    expect(state.takeWrites()).toMatchObject({
      reset: false,
      meta: null,
      rooms: [{ id: '1' }],
      messages: [{ conversation: '1', seq: 201 }],
      members: [],
      goneMessages: [],
    });
    state.trim('1', 1, 0);
    expect(state.takeWrites()?.goneMessages).toHaveLength(151);
  });
});
