// How what was told to everybody and what was told to this user become one message.

import { describe, expect, it } from 'vitest';
import { join, knownFrom, merge } from './message';
import { message } from './testing/make';

const thumbs = (me?: boolean) => [{ emoji: '👍', count: 1, ...(me !== undefined && { me }) }];

const poll = (counts: readonly number[], mine?: readonly boolean[]) => ({
  question: 'Where?',
  options: counts.map((count, at) => ({ text: String(at), count, ...(mine && { me: mine[at] ?? null }) })),
  multiple: false,
  anonymous: false,
  closes_at: null,
  closed_at: null,
  voters: counts.reduce((sum, count) => sum + count, 0),
});

describe('a message', () => {
  it('keeps its identity when nothing is new', () => {
    const known = knownFrom(message(1, { changed: 4, reactions: thumbs(true) }), 'own');
    expect(merge(known, message(1, { changed: 4, reactions: thumbs(true), deleted_at: null }), 'own')).toBe(known);
    expect(merge(known, message(1, { changed: 3 }), 'shared')).toBe(known);
  });

  it('keeps the flags when everybody is told of a change', () => {
    const known = knownFrom(message(1, { changed: 4, reactions: thumbs(true), following: true }), 'own');
    const merged = merge(known, message(1, { changed: 5, reactions: thumbs() }), 'shared');
    expect(merged).toMatchObject({ mine: 4, message: { changed: 5, reactions: thumbs(true), following: true } });
  });

  it('takes only the flags of an answer that was overtaken', () => {
    const known = knownFrom(message(1, { changed: 5, body: 'new', reactions: thumbs() }), 'shared');
    const merged = merge(known, message(1, { changed: 4, reactions: thumbs(true) }), 'own');
    expect(merged).toMatchObject({ mine: 4, message: { body: 'new', reactions: thumbs(true) } });
  });

  it('is not told by a late answer that a reaction taken back is there', () => {
    // One's own reaction is taken back, somebody else gives the same, and then an answer from before arrives.
    const late = message(1, { changed: 4, reactions: thumbs(true) });
    for (const first of [message(1, { changed: 5 }), message(1, { changed: 3, reactions: thumbs(true) })]) {
      const empty = merge(
        knownFrom(first, first.changed === 3 ? 'own' : 'shared'),
        message(1, { changed: 6 }),
        'shared',
      );
      const again = merge(empty, message(1, { changed: 7, reactions: thumbs() }), 'shared');
      expect(merge(again, late, 'own').message.reactions).toEqual(thumbs(false));
    }
  });

  it("keeps one's vote when everybody is told of another", () => {
    const voted = knownFrom(message(1, { changed: 4, poll: poll([1, 0], [true, false]) }), 'own');
    const told = merge(voted, message(1, { changed: 5, poll: poll([1, 1]) }), 'shared');
    expect(told).toMatchObject({ mine: 4, message: { changed: 5, poll: poll([1, 1], [true, false]) } });

    // Somebody else was told first, and one's own answer comes late: the counts stay, and one's vote is known.
    const late = merge(
      knownFrom(message(1, { changed: 5, poll: poll([1, 1]) }), 'shared'),
      message(1, { changed: 4, poll: poll([1, 0], [true, false]) }),
      'own',
    );
    expect(late).toMatchObject({ mine: 4, message: { changed: 5, poll: poll([1, 1], [true, false]) } });
    expect(join(told, voted)).toEqual(told);
  });

  it('is joined of two records, the older of which has the flags', () => {
    const stored = knownFrom(message(1, { changed: 4, reactions: thumbs(true), following: true }), 'own');
    const held = knownFrom(message(1, { changed: 6, reactions: thumbs() }), 'shared');
    for (const joined of [join(held, stored), join(stored, held)]) {
      expect(joined).toMatchObject({ mine: 4, message: { changed: 6, reactions: thumbs(true), following: true } });
    }
    const own = knownFrom(message(1, { changed: 6, reactions: thumbs(false) }), 'own');
    expect(join(own, stored)).toBe(own);
  });
});
