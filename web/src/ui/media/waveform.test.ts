// Loudness over time: from the wire, from a microphone, on the screen.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BARS, condensed, decoded, level, path } from './waveform';

test('bytes of the wire become numbers, and what is no base64 becomes nothing', () => {
  expect(decoded(btoa('\u0000\u0080\u00ff'))).toEqual([0, 128, 255]);
  expect(decoded('%%%')).toBeNull();
  expect(decoded(null)).toBeNull();
});

test('however many levels there are, there are as many bars, and the loudest is among them', () => {
  const levels = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 500 });
  fc.assert(
    fc.property(levels, (measured) => {
      const bars = condensed(measured);
      expect(bars).toHaveLength(BARS);
      expect(Math.max(...bars)).toBe(Math.max(...measured));
    }),
  );
  expect(condensed([])).toEqual(Array.from({ length: BARS }, () => 0));
});

test('silence is 0, and the loudest is 255', () => {
  expect(level(new Float32Array(8))).toBe(0);
  expect(level(new Float32Array(8).fill(1))).toBe(255);
});

test('each level is one bar', () => {
  expect(path([0, 255]).match(/M/g)).toHaveLength(2);
});
