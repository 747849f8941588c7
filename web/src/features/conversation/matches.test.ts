// Whom a few letters find among the people at hand.

import { expect, test } from 'vitest';
import { matches } from './matches';

const ana = { id: '1', username: 'ana_b', display_name: 'Ána María Beltrán', avatar: null };

test.each(['', '  ', 'ana', 'ANA', 'bel', 'mar ana', 'ana_b', '@ana'])('%j finds her', (text) => {
  expect(matches(ana, text)).toBe(true);
});

test.each(['na', 'bob', 'ana bob'])('%j does not', (text) => {
  expect(matches(ana, text)).toBe(false);
});
