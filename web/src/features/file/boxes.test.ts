// The room that files take.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { boxOf, columnsOf, sorted } from './boxes';

const image = (width: number, height: number) => ({ kind: 'image', width, height }) as const;

test('what has no shape is not shown as a picture', () => {
  const files = [image(10, 10), { kind: 'image' as const }, { kind: 'audio' as const }, { kind: 'file' as const }];
  const { seen, heard, others } = sorted(files);
  expect([seen.length, heard.length, others.length]).toEqual([1, 1, 2]);
});

test('a small picture keeps its size, a large one its shape', () => {
  expect(boxOf(image(160, 80))).toEqual({ inlineSize: '10rem', aspectRatio: '160 / 80' });
  expect(boxOf(image(4160, 1000))).toEqual({ inlineSize: '26rem', aspectRatio: '416 / 100' });
});

test('a box is never larger than is pleasant, nor too small to be pressed', () => {
  const side = fc.integer({ min: 1, max: 60_000 });
  fc.assert(
    fc.property(side, side, (width, height) => {
      const { inlineSize, aspectRatio } = boxOf(image(width, height));
      const wide = Number.parseFloat(String(inlineSize)) * 16;
      const [over = 0, under = 1] = String(aspectRatio).split(' / ').map(Number);
      expect(wide).toBeGreaterThanOrEqual(63.9);
      expect(wide).toBeLessThanOrEqual(416.1);
      expect(under).toBeLessThanOrEqual(320.1);
      expect(over).toBeCloseTo(wide, 3);
    }),
  );
});

test('two and four make a square, others rows of three', () => {
  expect([2, 3, 4, 5, 10].map(columnsOf)).toEqual([2, 3, 2, 3, 3]);
});
