// Every refusal has words, and no refusal shows a key instead of them.

import { beforeAll, expect, test } from 'vitest';
import { errorText } from './error';
import { restOfText, setLanguage } from './text';

beforeAll(() => setLanguage('en'));

test('says that it did not work until the words for it are there', async () => {
  expect(errorText({ code: 'blocked' })).toBe('This did not work. Try again.');
  await restOfText();
  expect(errorText({ code: 'blocked' })).not.toBe('This did not work. Try again.');
});

test('says what the code means', () => {
  expect(errorText({ code: 'username_taken', field: 'username' })).toBe(
    'This user name is taken, or looks too much like another.',
  );
});

test('says when to try again', () => {
  expect(errorText({ code: 'slow_mode', retryAfter: 30 })).toBe('Slow mode: you can write again in 30 seconds.');
  expect(errorText({ code: 'rate_limited' })).toBe('That was a lot at once. Try again in a moment.');
});

test('has words for what it does not know', () => {
  const words = 'This did not work. Try again.';
  expect(errorText({ code: 'invented_tomorrow' })).toBe(words);
  expect(errorText({ code: 'toString' })).toBe(words);
  expect(errorText(new TypeError('of ours'))).toBe(words);
});
