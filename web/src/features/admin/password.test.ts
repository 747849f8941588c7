// A password that is made here is long enough, and can be read out.

import { expect, test } from 'vitest';
import { newPassword } from './password';

test('four groups of letters that cannot be mistaken for each other', () => {
  expect(newPassword()).toMatch(/^(?:[a-hj-km-np-z2-9]{5}-){3}[a-hj-km-np-z2-9]{5}$/);
  expect(newPassword()).not.toBe(newPassword());
});

test('a byte that would favour some letters is drawn again', () => {
  const drawn = [255, 254, 0];
  const password = newPassword((bytes) => {
    bytes[0] = drawn.shift() ?? 1;
  });
  expect(password.startsWith('abbbb-')).toBe(true);
});
