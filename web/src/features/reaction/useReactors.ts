// Who reacted to a message with an emoji, asked when it is wanted, and again when the number changes.

import { useEffect, useState } from 'react';
import type { Message, Page, Reactor } from '@/protocol.gen';
import { api, type Refusal } from '@/sync';

export interface Reactors {
  readonly people: readonly Reactor[] | null;
  readonly problem: Refusal | null;
  readonly next: string | null;
  readonly loadMore: () => void;
}

export function useReactors(message: Message, emoji: string, count: number): Reactors {
  const [people, setPeople] = useState<readonly Reactor[] | null>(null);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const path = `/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`;

  useEffect(() => {
    const stop = new AbortController();
    api
      .get<Page<Reactor>>(path, { limit: 50 }, stop.signal)
      .then((page) => {
        setPeople(page.items);
        setNext(page.next ?? null);
        return setProblem(null);
      })
      .catch((refusal: Refusal) => {
        if (!stop.signal.aborted) setProblem(refusal);
      });
    return () => stop.abort();
    // Another number means other people.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [path, count]);

  const loadMore = () => {
    if (next === null) return;
    setNext(null);
    api
      .get<Page<Reactor>>(path, { limit: 50, cursor: next })
      .then((page) => {
        setPeople((before) => [...(before ?? []), ...page.items]);
        return setNext(page.next ?? null);
      })
      .catch((refusal: Refusal) => setProblem(refusal));
  };
  return { people, problem, next, loadMore };
}
