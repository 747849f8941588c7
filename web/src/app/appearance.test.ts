// Televisions are recognised, and nothing else is taken for one.

import { expect, test } from 'vitest';
import { layoutFor } from './appearance';

test.each([
  'Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0 Safari/537.36 WebAppManager',
  'Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.5) AppleWebKit/537.36 (KHTML, like Gecko) 85.0/6.5 TV Safari/537.36',
  'Mozilla/5.0 (Linux; Android 9; AFTKA Build/PS7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/112 Safari/537.36',
  'Mozilla/5.0 (Linux; Android 12; BRAVIA 4K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/110 Safari/537.36',
])('a television: %s', (agent) => {
  expect(layoutFor('auto', agent)).toBe('tv');
  expect(layoutFor('desk', agent)).toBe('desk');
});

test.each([
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140 Safari/537.36',
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140 Mobile Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18 Safari/604',
])('not a television: %s', (agent) => {
  expect(layoutFor('auto', agent)).toBe('desk');
  expect(layoutFor('tv', agent)).toBe('tv');
});
