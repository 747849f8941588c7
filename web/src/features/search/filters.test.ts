// What a search is completed to.

import { expect, test } from 'vitest';
import { completed, dayOf, daysFor, filtersFor, typedAt } from './filters';

const at = (text: string) => typedAt(text, text.length);

test('a word may be the beginning of a filter', () => {
  expect(at('')).toMatchObject({ filter: null, part: '' });
  expect(at('hello fr')).toMatchObject({ filter: null, part: 'fr', from: 6 });
  expect(filtersFor('fr').map(({ name }) => name)).toEqual(['from']);
  expect(filtersFor('xyz')).toEqual([]);
});

test('behind the colon stands a value', () => {
  expect(at('from:@Ad')).toMatchObject({ filter: 'from', part: 'ad', not: false });
  expect(at('-from:ada')).toMatchObject({ filter: 'from', part: 'ada', not: true });
  expect(at('in:"the big')).toMatchObject({ filter: 'in', part: 'the big', from: 0 });
  expect(at('https:')).toBeNull();
});

test('within quotes there are only words', () => {
  expect(at('"from:')).toBeNull();
});

test('a completed filter takes the place of what was typed', () => {
  const text = 'hello fr world';
  expect(completed(text, { from: 6, to: 8, not: false }, 'from', null)).toEqual({
    text: 'hello from: world',
    caret: 11,
  });
  expect(completed('from:a', { from: 0, to: 6, not: true }, 'from', 'ada')).toEqual({ text: '-from:ada ', caret: 10 });
  expect(completed('in:', { from: 0, to: 3, not: false }, 'in', 'the big one').text).toBe('in:"the big one" ');
  expect(completed('a in:b c', { from: 2, to: 6, not: false }, 'in', 'x').text).toBe('a in:x c');
});

test('days are the reader’s', () => {
  const now = new Date(2026, 2, 1, 23, 59);
  expect(dayOf(now)).toBe('2026-03-01');
  expect(daysFor('before', now).map(({ value }) => value)).toEqual(['2026-03-01', '2026-02-28', '2026-02-22']);
  expect(daysFor('during', now).map(({ value }) => value)).toContain('2026-03');
});
