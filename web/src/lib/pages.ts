// A list that the server gives page by page and that is not synced: sessions, tokens, invitations, accounts. Of some the
// server says that they have changed; those are loaded anew then.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { Page } from '@/protocol.gen';

export type LoadPage<T> = (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>;

export interface Pages<T> {
  /** Null until the first page is there. */
  readonly items: readonly T[] | null;
  readonly loading: boolean;
  readonly problem: unknown;
  /** Loads the next page; null on the last one. */
  readonly more: (() => void) | null;
  readonly reload: () => void;
  /** Changes what is shown, after something was made or removed. */
  readonly change: (next: (items: readonly T[]) => readonly T[]) => void;
}

interface Held<T> {
  items: readonly T[] | null;
  next: string | null;
  loading: boolean;
  problem: unknown;
}

/**
 * `load` decides what is listed: another function begins another list. Give it by `useCallback` or from outside. `changes`
 * is a number that grows when what is listed has changed: as much as is shown is loaded anew then, and replaced in one go.
 */
export function usePages<T>(load: LoadPage<T>, changes = 0): Pages<T> {
  const [held, setHeld] = useState<Held<T>>({ items: null, next: null, loading: true, problem: null });
  const asking = useRef<AbortController | null>(null);
  const shown = useRef(0);
  const seen = useRef(changes);

  const ask = useCallback(
    (cursor: string | undefined) => {
      asking.current?.abort();
      const controller = new AbortController();
      asking.current = controller;
      load(cursor, controller.signal).then(
        (page) => {
          if (controller.signal.aborted) return;
          setHeld((now) => ({
            items: cursor === undefined ? page.items : [...(now.items ?? []), ...page.items],
            next: page.next ?? null,
            loading: false,
            problem: null,
          }));
        },
        (problem: unknown) => {
          if (!controller.signal.aborted) setHeld((now) => ({ ...now, loading: false, problem }));
        },
      );
    },
    [load],
  );

  useEffect(() => {
    ask(undefined);
    return () => asking.current?.abort();
  }, [ask]);

  const { items, next, loading, problem } = held;
  useEffect(() => {
    shown.current = items?.length ?? 0;
  }, [items]);

  useEffect(() => {
    if (changes === seen.current) return;
    seen.current = changes;
    asking.current?.abort();
    const controller = new AbortController();
    asking.current = controller;
    asMuch(load, shown.current, controller.signal).then(
      (page) => {
        if (!controller.signal.aborted) setHeld({ ...page, loading: false, problem: null });
      },
      (thrown: unknown) => {
        // What is shown stays, until it changes again.
        if (controller.signal.aborted) return;
        setHeld((now) => ({ ...now, loading: false, problem: now.items === null ? thrown : now.problem }));
      },
    );
  }, [changes, load]);

  const begin = useCallback(
    (cursor: string | undefined) => {
      setHeld((now) => ({ ...now, loading: true, problem: null }));
      ask(cursor);
    },
    [ask],
  );

  return {
    items,
    loading,
    problem,
    more: next === null || loading ? null : () => begin(next),
    reload: useCallback(() => begin(undefined), [begin]),
    change: useCallback((change) => setHeld((now) => (now.items ? { ...now, items: change(now.items) } : now)), []),
  };
}

/** From the first page on, until there is as much as was shown, or no more. */
async function asMuch<T>(load: LoadPage<T>, shown: number, signal: AbortSignal) {
  const items: T[] = [];
  let next: string | null = null;
  do {
    const page: Page<T> = await load(next ?? undefined, signal);
    items.push(...page.items);
    next = page.next ?? null;
  } while (next !== null && items.length < shown);
  return { items, next };
}
