// A task that is under way, done or refused, as a form shows it.

import { act, renderHook } from '@testing-library/react';
import { beforeAll, expect, test } from 'vitest';
import { setLanguage } from './text';
import { useTask } from './task';

beforeAll(() => setLanguage('en'));

function refusal(code: string, field?: string): Error {
  return Object.assign(new Error(code), { code, field });
}

test('a refusal that names a field is said beside it, any other below the form', async () => {
  const { result } = renderHook(() => useTask());
  await act(() => result.current.run(() => Promise.reject(refusal('invalid_field', 'name'))));
  expect(result.current.errorOf('name')).toBeTypeOf('string');
  expect(result.current.errorOf('topic')).toBeUndefined();
  expect(result.current.errorBeside('name')).toBeUndefined();
  // A form without that field must not be silent.
  expect(result.current.errorBeside('topic')).toBeTypeOf('string');

  await act(() => result.current.run(() => Promise.reject(refusal('forbidden'))));
  expect(result.current.errorOf('name')).toBeUndefined();
  expect(result.current.errorBeside('name')).toBeTypeOf('string');

  await act(() => result.current.run(() => Promise.resolve()));
  expect(result.current.errorBeside()).toBeUndefined();
});

test('nothing is done twice at once', async () => {
  const { result } = renderHook(() => useTask());
  let end: (() => void) | undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let runs = 0;
  const work = () => {
    runs += 1;
    return ended;
  };
  let first: Promise<boolean> = Promise.resolve(false);
  await act(async () => {
    first = result.current.run(work);
    expect(await result.current.run(work)).toBe(false);
  });
  expect(result.current.busy).toBe(true);
  end?.();
  await act(async () => expect(await first).toBe(true));
  expect(runs).toBe(1);
});
