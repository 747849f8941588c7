// A list that comes page by page: going on, and being loaded anew when it has changed elsewhere.

import { act, renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Page } from '@/protocol.gen';
import { usePages, type LoadPage } from './pages';

/** A server with numbers in pages of two; answers are given by hand. */
function numbers(all: readonly number[]) {
  const server = { all, asked: [] as (string | undefined)[], answer: [] as (() => Promise<void>)[] };
  const load: LoadPage<number> = (cursor, signal) => {
    server.asked.push(cursor);
    const from = Number(cursor ?? 0);
    const items = server.all.slice(from, from + 2);
    const next = from + 2 < server.all.length ? String(from + 2) : null;
    return new Promise<Page<number>>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')));
      server.answer.push(() => act(async () => resolve({ items, next })));
    });
  };
  /** Answers all questions, and those that follow from them. */
  const settle = async () => {
    for (let answer = server.answer.shift(); answer; answer = server.answer.shift()) await answer();
  };
  return { server, load, settle };
}

test('as much as was shown is loaded anew, and replaced in one go', async () => {
  const { server, load, settle } = numbers([1, 2, 3, 4, 5, 6]);
  const { result, rerender } = renderHook(({ changes }) => usePages(load, changes), { initialProps: { changes: 7 } });
  await settle();
  act(() => result.current.more?.());
  await settle();
  expect(result.current.items).toEqual([1, 2, 3, 4]);
  server.all = [0, 1, 2, 3, 4, 5, 6];
  rerender({ changes: 8 });
  expect(result.current.items).toEqual([1, 2, 3, 4]);
  await settle();
  expect(result.current.items).toEqual([0, 1, 2, 3]);
  expect(result.current.more).not.toBeNull();
  expect(server.asked).toEqual([undefined, '2', undefined, '2']);
});

test('what was asked before the change does not come after it', async () => {
  const { server, load, settle } = numbers([1, 2]);
  const { result, rerender } = renderHook(({ changes }) => usePages(load, changes), { initialProps: { changes: 0 } });
  server.all = [3];
  rerender({ changes: 1 });
  // The older answer is the later one.
  server.answer.reverse();
  await settle();
  expect(result.current.items).toEqual([3]);
  expect(result.current.loading).toBe(false);
});

test('a change that cannot be asked for leaves what is shown', async () => {
  let works = true;
  const load: LoadPage<number> = () =>
    works ? Promise.resolve({ items: [1], next: null }) : Promise.reject(new Error('offline'));
  const { result, rerender } = renderHook(({ changes }) => usePages(load, changes), { initialProps: { changes: 0 } });
  await act(async () => undefined);
  works = false;
  rerender({ changes: 1 });
  await act(async () => undefined);
  expect(result.current.items).toEqual([1]);
  expect(result.current.problem).toBeNull();
});
