// Server-sent events, read with `fetch`, which can send the token where an `EventSource` cannot.

import type { Event } from '@/protocol.gen';
import type { Rest } from '../api/rest';
import type { Resume } from '../state';
import type { Link, Sink } from './link';
import { closed, lostBy } from './link';
import { resumeQuery } from './query';

export async function openStream(rest: Rest, resume: Resume, sink: Sink): Promise<Link> {
  const stop = new AbortController();
  const response = await rest.stream('/events', resumeQuery(resume), stop.signal);
  void follow(response, sink, stop.signal);
  return { hasHeartbeat: true, isTwoWay: false, send: () => undefined, close: () => stop.abort() };
}

async function follow(response: Response, sink: Sink, stopped: AbortSignal): Promise<void> {
  const parser = new Parser(sink);
  try {
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const next = await reader?.read();
      if (stopped.aborted) return;
      if (next === undefined || next.done) break;
      parser.take(next.value);
    }
    sink.lost({ is: 'resume' });
  } catch (thrown) {
    if (!stopped.aborted) sink.lost(lostBy(thrown));
  }
}

/** Takes the stream apart: `data:` lines up to an empty line are an event, other lines are a sign of life. */
export class Parser {
  private partial = '';
  private data: string[] = [];
  private name = '';

  constructor(private readonly sink: Sink) {}

  take(text: string): void {
    const lines = (this.partial + text).split('\n');
    this.partial = lines.pop() ?? '';
    for (const line of lines) this.line(line.endsWith('\r') ? line.slice(0, -1) : line);
  }

  private line(line: string): void {
    if (line === '') {
      this.end();
      return;
    }
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const rest = colon < 0 ? '' : line.slice(colon + 1);
    const value = rest.startsWith(' ') ? rest.slice(1) : rest;
    if (name === 'data') this.data.push(value);
    else if (name === 'event') this.name = value;
    else this.sink.alive();
  }

  private end(): void {
    const data = this.data.join('\n');
    const { name } = this;
    this.data = [];
    this.name = '';
    if (data === '') return;
    // The server is trusted to speak the protocol that the types are generated from.
    if (name === 'close') this.sink.lost(closed((JSON.parse(data) as { code: number }).code));
    else this.sink.event(JSON.parse(data) as Event);
  }
}
