// Sizes and lengths in words.

import { expect, test } from 'vitest';
import { bytes, length } from './bytes';

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1 kB'],
  [2_440_000, '2.4 MB'],
  [340_000_000, '340 MB'],
  [5_000_000_000, '5 GB'],
  [7e15, '7,000 TB'],
])('%d bytes are %s', (size, text) => {
  expect(bytes(size)).toBe(text);
});

test.each([
  [0, '0:00'],
  [6_600, '0:07'],
  [750_000, '12:30'],
  [3_723_000, '1:02:03'],
  [-5, '0:00'],
])('%d milliseconds are %s', (milliseconds, text) => {
  expect(length(milliseconds)).toBe(text);
});
