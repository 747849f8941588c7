// What somebody has typed is still there when the form comes back.

import { act, renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useHeld } from './held';

const saved = { name: 'Robin', about: '' };

/** Whether it asks. */
function leave(): boolean {
  const event = new Event('beforeunload', { cancelable: true });
  window.dispatchEvent(event);
  return event.defaultPrevented;
}

test('what was typed is there again after leaving the form, until it is dropped', () => {
  const first = renderHook(() => useHeld('test', saved));
  expect(first.result.current.changed).toBe(false);
  act(() => first.result.current.change({ about: 'Hello' }));
  expect(first.result.current.value).toEqual({ name: 'Robin', about: 'Hello' });
  first.unmount();

  const second = renderHook(() => useHeld('test', { ...saved, name: 'Robin Hale' }));
  expect(second.result.current.value).toEqual({ name: 'Robin Hale', about: 'Hello' });
  expect(second.result.current.changed).toBe(true);
  act(() => second.result.current.drop());
  expect(second.result.current.changed).toBe(false);
});

test('leaving the page with something unsaved asks first', () => {
  const form = renderHook(() => useHeld('other', saved));
  expect(leave()).toBe(false);
  act(() => form.result.current.change({ name: 'Somebody' }));
  expect(leave()).toBe(true);
  act(() => form.result.current.change({ name: 'Robin' }));
  expect(leave()).toBe(false);
});
