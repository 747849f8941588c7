// The scorer finds what people mean, in their script, and puts the likelier first.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold, score } from './search';

function best(query: string, ...names: string[]): string[] {
  return names
    .map((name) => ({ name, worth: score(query, name) }))
    .filter(({ worth }) => worth > 0)
    .toSorted((a, b) => b.worth - a.worth)
    .map(({ name }) => name);
}

test('accents, case and marks do not matter', () => {
  expect(score('jose', 'José Ángel')).toBeGreaterThan(0);
  expect(score('STRASSE', 'Straße')).toBe(1);
  expect(score('lukasz', 'Łukasz')).toBe(1);
  expect(score('احمد', 'أَحْمَد')).toBe(1);
  expect(score('İpek', 'ipek')).toBe(1);
  // One letter that stands for four words.
  expect(score('ﷺ', 'ﷺ')).toBe(1);
});

test('whole, then beginning, then a later word, then the middle', () => {
  expect(best('ann', 'Hanna', 'Mary Ann', 'Anna', 'Ann')).toEqual(['Ann', 'Anna', 'Mary Ann', 'Hanna']);
});

test('beginnings of words are enough', () => {
  expect(best('gs', 'General Support', 'Gardens of Giants')).toEqual(['General Support']);
  expect(best('dsys', 'design-system', 'daisy')).toEqual(['design-system']);
});

test('every word must be answered, by any of the texts', () => {
  expect(score('ada love', 'Ada Lovelace', 'ada')).toBeGreaterThan(0);
  expect(score('ada byron', 'Ada Lovelace', 'ada')).toBe(0);
  expect(score('lovelace al', 'Ada Lovelace', 'alovelace')).toBeGreaterThan(0);
});

test('letters strewn about are no answer', () => {
  expect(score('xyz', 'General')).toBe(0);
  expect(score('eal', 'General chatter')).toBe(0);
});

test('nothing typed means everything', () => {
  expect(score('  ', 'General')).toBe(1);
});

test('a text answers itself and every beginning of it', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\p{L}\p{N}]{1,20}$/u), fc.nat(19), (text, cut) => {
      expect(score(text, text)).toBe(1);
      const beginning = fold(text).slice(0, cut + 1);
      expect(score(beginning, text)).toBeGreaterThan(0);
    }),
  );
});

test('it is always between nothing and one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (query, text) => {
      const worth = score(query, text);
      expect(worth).toBeGreaterThanOrEqual(0);
      expect(worth).toBeLessThanOrEqual(1);
    }),
  );
});
