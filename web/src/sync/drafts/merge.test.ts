// What becomes of a text that two devices have changed.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { merge } from './merge';

describe('two changes of one text', () => {
  test('where only one has changed it, that one counts', () => {
    expect(merge('a', 'a', 'b')).toBe('b');
    expect(merge('a', 'b', 'a')).toBe('b');
    expect(merge('a', 'a', '')).toBe('');
  });

  test('what was sent here is gone, and what the other wrote since is not', () => {
    expect(merge('hello', '', 'hello')).toBe('');
    expect(merge('hello', '', 'hello you')).toBe('hello you');
    expect(merge('hello', 'hello me', '')).toBe('hello me');
  });

  test('different places are both changed', () => {
    expect(merge('Dear Ben,\nsee you', 'Dear Ben, hello\nsee you', 'Dear Ben,\nsee you soon')).toBe(
      'Dear Ben, hello\nsee you soon',
    );
    expect(merge('milk, eggs', 'milk, six eggs', 'oat milk, eggs')).toBe('oat milk, six eggs');
  });

  test('one that goes on from the other replaces it', () => {
    expect(merge('', 'Hel', 'Hello')).toBe('Hello');
    expect(merge('', 'Hello', 'Hel')).toBe('Hello');
  });

  test('otherwise both are kept', () => {
    // That a word is somewhere in the other text as well does not make it that word.
    expect(merge('', 'e', 'from elsewhere')).toBe('e\n\nfrom elsewhere');
    expect(merge('', 'from here', 'from there')).toBe('from here\n\nfrom there');
    expect(merge('Hello', 'Hello A', 'Hello B')).toBe('Hello A\n\nHello B');
  });

  test('no word that was added is lost', () => {
    const words = fc.array(fc.constantFrom<string[]>('one', 'two', 'three'), { maxLength: 4 });
    fc.assert(
      fc.property(words, fc.nat(4), fc.nat(4), (base, here, there) => {
        const before = base.join(' ');
        const [mine, theirs] = [base.toSpliced(here, 0, 'MINE'), base.toSpliced(there, 0, 'THEIRS')];
        const both = merge(before, mine.join(' '), theirs.join(' '));
        expect(both).toContain('MINE');
        expect(both).toContain('THEIRS');
      }),
    );
  });

  test('the same change on both is made once', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (base, both) => {
        expect(merge(base, both, both)).toBe(both);
      }),
    );
  });
});
