// Long poll: ask, wait, apply, ask again. It works wherever a page can be loaded at all.

import type { Polled } from '@/protocol.gen';
import type { Rest } from '../api/rest';
import type { Link, Sink, Source } from './link';
import { lostBy } from './link';
import { resumeQuery } from './query';

/** Seconds that the server may wait for something to tell. */
const WAIT = 25;

export function openPoll(rest: Rest, source: Source, sink: Sink): Link {
  const stop = new AbortController();
  void ask(rest, source, sink, stop.signal);
  return { hasHeartbeat: false, isTwoWay: false, send: () => undefined, close: () => stop.abort() };
}

async function ask(rest: Rest, source: Source, sink: Sink, signal: AbortSignal): Promise<void> {
  // The first answer also says where things stand, so the server is not to wait.
  let wait = 0;
  try {
    while (!signal.aborted) {
      const query = { ...resumeQuery(source.hello()), wait };
      const patience = (wait + 30) * 1000;
      const polled = await rest.run<Polled>({ method: 'GET', path: '/events', query, signal, patience });
      sink.polled(polled);
      wait = WAIT;
      // The cursors of the next question are those of when everything has been fetched, so that nothing comes twice.
      await source.idle();
    }
  } catch (thrown) {
    if (!signal.aborted) sink.lost(lostBy(thrown));
  }
}
