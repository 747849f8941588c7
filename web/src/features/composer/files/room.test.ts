// Which files are taken, and what is said of the others.

import { expect, test } from 'vitest';
import { fitting } from './room';

const file = (name: string, size: number) => ({ name, size });
const open = { file: null, left: null };
const names = (files: readonly { name: string }[]) => files.map(({ name }) => name);

test('what fits is taken, in its order', () => {
  const { taken, objections } = fitting([file('a', 5), file('b', 1)], 0, { file: 5, left: 6 });
  expect(names(taken)).toEqual(['a', 'b']);
  expect(objections).toEqual([]);
});

test('a file that is too large is named, and the others are taken', () => {
  const { taken, objections } = fitting([file('a', 6), file('b', 1)], 0, { file: 5, left: null });
  expect(names(taken)).toEqual(['b']);
  expect(objections).toEqual([{ why: 'large', names: ['a'] }]);
});

test('ten go with one message, those that are there included', () => {
  const files = Array.from({ length: 4 }, (_, at) => file(String(at), 1));
  const { taken, objections } = fitting(files, 8, open);
  expect(names(taken)).toEqual(['0', '1']);
  expect(objections).toEqual([{ why: 'many' }]);
});

test('what is left of the room is shared out in order', () => {
  const { taken, objections } = fitting([file('a', 4), file('b', 4), file('c', 1)], 0, { file: null, left: 5 });
  expect(names(taken)).toEqual(['a', 'c']);
  expect(objections).toEqual([{ why: 'quota' }]);
});
