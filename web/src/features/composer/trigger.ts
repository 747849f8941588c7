// Whether what is being typed is the beginning of a name that can be completed.

import { inFence } from './edit';

export interface Trigger {
  readonly kind: 'person' | 'emoji' | 'channel' | 'command';
  readonly query: string;
  /** Where the sign (`@`, `:` or `#`) is. The name goes on to the caret. */
  readonly from: number;
}

const PATTERNS = [
  ['person', /(?:^|[^\p{L}\p{N}._@/-])@([\p{L}\p{N}._-]{0,50})$/u],
  ['channel', /(?:^|[^\p{L}\p{N}&#/_])#([\p{L}\p{N}_-]{0,50})$/u],
  // A command is the first word of a message, and of nothing else. Of two bots with the same one, the name says which.
  ['command', /^\/([a-z0-9_-]{0,32}(?:@[a-z0-9._-]{0,50})?)$/iu],
  // One letter is a smiley more often than a name.
  ['emoji', /(?:^|[^\p{L}\p{N}:/])(?::([a-z0-9_+-]{2,50}))$/iu],
] as const;

export function triggerAt(text: string, caret: number): Trigger | null {
  const before = text.slice(Math.max(0, caret - 64), caret);
  if (!/[@#:/]/u.test(before)) return null;
  for (const [kind, pattern] of PATTERNS) {
    const query = pattern.exec(before)?.[1];
    if (query === undefined) continue;
    return inCode(text, caret) ? null : { kind, query, from: caret - query.length - 1 };
  }
  return null;
}

/** In code nothing stands for anything: an odd number of ticks in the line, or an open block. */
function inCode(text: string, caret: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', caret - 1) + 1, caret);
  return (line.match(/`/gu)?.length ?? 0) % 2 === 1 || inFence(text, caret);
}
