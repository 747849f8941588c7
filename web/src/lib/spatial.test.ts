// Arrow keys go where the eye expects, and never to where they came from.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { closest, nearest, type Box, type Direction } from './spatial';

function box(left: number, top: number, width = 10, height = 10): Box {
  return { left, top, right: left + width, bottom: top + height };
}

test('takes what is straight ahead', () => {
  expect(nearest(box(0, 0), [box(50, 0), box(100, 0)], 'right')).toBe(0);
  expect(nearest(box(100, 0), [box(50, 0), box(0, 0)], 'left')).toBe(0);
  expect(nearest(box(0, 0), [box(0, 100), box(0, 20)], 'down')).toBe(1);
  expect(nearest(box(0, 100), [box(0, 0), box(0, 50)], 'up')).toBe(1);
});

test('prefers what is in line to what is nearer but beside', () => {
  expect(nearest(box(0, 0), [box(20, 40), box(200, 0)], 'right')).toBe(1);
});

test('takes what is beside when nothing is in line', () => {
  expect(nearest(box(0, 0), [box(50, 400), box(60, 50)], 'right')).toBe(1);
});

test('from a list into a page, to the place at the same height', () => {
  const rows = [box(0, 0, 280, 50), box(0, 50, 280, 50), box(0, 100, 280, 50)];
  const page = [box(300, 0, 900, 56), box(300, 56, 900, 600), box(300, 660, 900, 50)];
  expect(nearest(rows[1] ?? box(0, 0), [...rows, ...page], 'right')).toBe(3);
  expect(nearest(page[1] ?? box(0, 0), rows, 'left')).toBe(2);
});

test('goes nowhere when nothing is there', () => {
  expect(nearest(box(0, 0), [], 'right')).toBe(-1);
  expect(nearest(box(100, 0), [box(0, 0)], 'right')).toBe(-1);
});

const boxes = fc
  .tuple(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 1, max: 300 }))
  .map(([left, top, size]) => box(left, top, size, size));
const directions = fc.constantFrom<Direction[]>('up', 'down', 'left', 'right');

test('what it takes always lies in that direction', () => {
  fc.assert(
    fc.property(boxes, fc.array(boxes), directions, (from, others, direction) => {
      const found = others[nearest(from, others, direction)];
      if (!found) return;
      const across = found.left + found.right - from.left - from.right;
      const down = found.top + found.bottom - from.top - from.bottom;
      const ahead = { right: across, left: -across, down, up: -down }[direction];
      expect(ahead).toBeGreaterThan(0);
    }),
  );
});

test('going on and on comes to an end', () => {
  fc.assert(
    fc.property(boxes, fc.array(boxes), directions, (from, others, direction) => {
      let at = from;
      for (let steps = 0; steps <= others.length; steps += 1) {
        const next = others[nearest(at, others, direction)];
        if (!next) return;
        at = next;
      }
      expect.fail('it went in a circle');
    }),
  );
});

test('finds what lies nearest to a place', () => {
  expect(closest(box(0, 95), [box(0, 0), box(0, 100), box(0, 200)])).toBe(1);
  expect(closest(box(0, 0), [])).toBe(-1);
});
