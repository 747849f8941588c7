// The line says nothing until there is something to say.

import { expect, test } from 'vitest';
import { whatToSay } from './ConnectionLine';

test.each([
  ['live', 0, true, 'nothing'],
  ['live', 0, false, 'nothing'],
  ['connecting', 1999, true, 'nothing'],
  ['connecting', 2000, true, 'connecting'],
  ['syncing', 1000, true, 'nothing'],
  ['syncing', 3000, true, 'syncing'],
  ['offline', 500, true, 'nothing'],
  ['offline', 2500, true, 'unreachable'],
  ['offline', 0, false, 'offline'],
  ['connecting', 100, false, 'offline'],
] as const)('%s for %i ms, online %s: %s', (phase, after, online, say) => {
  expect(whatToSay({ phase, since: 10_000 }, 10_000 + after, online)).toBe(say);
});
