// Which square of a picture is taken.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { closer, shifted, whole } from './crop';

test('at first it is the largest in the middle', () => {
  expect(whole({ width: 400, height: 300 })).toEqual({ x: 200, y: 150, side: 300 });
});

test('it never reaches beyond the edges, however it is moved and resized', () => {
  const size = fc.record({ width: fc.integer({ min: 1, max: 5000 }), height: fc.integer({ min: 1, max: 5000 }) });
  const far = fc.double({ min: -9000, max: 9000, noNaN: true });
  const steps = fc.array(fc.tuple(fc.double({ min: 0, max: 10, noNaN: true }), far, far), { maxLength: 8 });
  fc.assert(
    fc.property(size, steps, (picture, moves) => {
      let square = whole(picture);
      for (const [closeness, x, y] of moves) {
        square = shifted(closer(square, closeness, picture), x, y, picture);
        const half = square.side / 2 - 1e-6;
        expect(square.x).toBeGreaterThanOrEqual(half);
        expect(square.y).toBeGreaterThanOrEqual(half);
        expect(square.x).toBeLessThanOrEqual(picture.width - half);
        expect(square.y).toBeLessThanOrEqual(picture.height - half);
      }
    }),
  );
});
