// A link to the sign-in page cannot send anybody elsewhere.

import { expect, test } from 'vitest';
import { destination, signInPath } from './destination';

const origin = 'https://chat.example.org';
const to = (next: string) => destination(`?next=${encodeURIComponent(next)}`, origin);

test('leads back to where one wanted to go', () => {
  expect(to('/c/7266841829376001?at=12')).toBe('/c/7266841829376001?at=12');
  expect(destination(new URL(signInPath('/contacts'), origin).search, origin)).toBe('/contacts');
  expect(signInPath('/')).toBe('/sign-in');
});

test.each([
  'https://evil.example',
  '//evil.example',
  String.raw`/\evil.example`,
  String.raw`\\evil.example`,
  '/\t/evil.example',
  '/\n/evil.example',
  'javascript:alert(1)',
  ' //evil.example',
  '/sign-in?next=/x',
  '',
])('%j leads to the start', (next) => {
  expect(to(next)).toBe('/');
});
