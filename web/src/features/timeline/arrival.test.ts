// How far a row is from where somebody was led.

import { afterEach, expect, test, vi } from 'vitest';
import { hasArrived, offBy } from './arrival';

const frame = { top: 50, height: 600 };

afterEach(() => {
  document.body.replaceChildren();
});

test('the middle of the row belongs in the middle of the window', () => {
  expect(offBy({ top: 330, height: 40 }, frame, 'middle')).toBe(0);
  expect(offBy({ top: 430, height: 40 }, frame, 'middle')).toBe(100);
});

test('or its upper edge so far below that of the window', () => {
  expect(offBy({ top: 90, height: 400 }, frame, 40)).toBe(0);
  expect(offBy({ top: 60, height: 400 }, frame, 40)).toBe(-30);
});

/** A window onto 2,000 pixels with one row in it. */
function windowOnto(top: number, scrollTop: number): HTMLElement {
  const scroller = document.createElement('div');
  const row = document.createElement('div');
  row.dataset.row = '7';
  scroller.append(row);
  document.body.append(scroller);
  row.checkVisibility = () => true;
  vi.spyOn(row, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, top, 100, 40));
  vi.spyOn(scroller, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, frame.top, 100, frame.height));
  Object.defineProperties(scroller, {
    scrollTop: { value: scrollTop },
    scrollHeight: { value: 2000 },
    clientHeight: { value: frame.height },
  });
  return scroller;
}

test('it has arrived when it is there', () => {
  expect(hasArrived(windowOnto(331, 700), '7', 'middle')).toBe(true);
});

test('not when rows around it have pushed it away since', () => {
  expect(hasArrived(windowOnto(900, 700), '7', 'middle')).toBe(false);
});

test('not when it is not on the page', () => {
  expect(hasArrived(windowOnto(330, 700), '8', 'middle')).toBe(false);
});

test('at the ends one can scroll no further', () => {
  expect(hasArrived(windowOnto(600, 1400), '7', 'middle')).toBe(true);
  expect(hasArrived(windowOnto(60, 0), '7', 'middle')).toBe(true);
  expect(hasArrived(windowOnto(600, 0), '7', 'middle')).toBe(false);
});
