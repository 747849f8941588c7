// Where a picture lies in the viewer.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FITTING, fitted, moved, MOST, zoomed } from './zoom';

const stage = { width: 1000, height: 600 };
const picture = { width: 800, height: 600 };

test('a picture is made to fit, and a small one stays as it is', () => {
  expect(fitted({ width: 4000, height: 3000 }, stage)).toEqual({ width: 800, height: 600 });
  expect(fitted({ width: 40, height: 30 }, stage)).toEqual({ width: 40, height: 30 });
});

test('what is under the pointer stays there', () => {
  const at = { x: 100, y: -50 };
  const first = zoomed(FITTING, 3, at, picture, stage);
  const second = zoomed(first, 1.5, at, picture, stage);
  const seen = (place: typeof first) => [(at.x - place.x) / place.scale, (at.y - place.y) / place.scale];
  expect(seen(second)[0]).toBeCloseTo(seen(first)[0] ?? 0);
  expect(seen(second)[1]).toBeCloseTo(seen(first)[1] ?? 0);
});

test('it cannot be made smaller than it fits, nor larger than is of use, nor be lost', () => {
  const part = fc.double({ min: -2000, max: 2000, noNaN: true });
  const factor = fc.double({ min: 0.01, max: 100, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(factor, part, part), { maxLength: 10 }), (steps) => {
      let place = FITTING;
      for (const [by, x, y] of steps) {
        place = moved(zoomed(place, by, { x, y }, picture, stage), x, y, picture, stage);
        expect(place.scale).toBeGreaterThanOrEqual(1);
        expect(place.scale).toBeLessThanOrEqual(MOST);
        expect(Math.abs(place.x)).toBeLessThanOrEqual(
          Math.max(0, (picture.width * place.scale - stage.width) / 2) + 1e-6,
        );
        expect(Math.abs(place.y)).toBeLessThanOrEqual(
          Math.max(0, (picture.height * place.scale - stage.height) / 2) + 1e-6,
        );
      }
    }),
  );
});
