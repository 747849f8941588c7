// The messages that are held of one conversation, sorted by seq, with the ways to find them: by id, by the thread they
// are in, and the pinned ones. A live message is appended at the end, which costs the same however many are held.

import type { Message } from '@/protocol.gen';
import { isLiving, isSet } from './message';
import type { Known } from './types';

export class Messages {
  private sorted: Known[] = [];
  private readonly bySeq = new Map<number, Known>();
  private readonly byId = new Map<string, number>();
  private readonly threads = new Map<string, Set<number>>();
  private readonly pinned = new Set<number>();

  get(seq: number): Known | undefined {
    return this.bySeq.get(seq);
  }

  find(messageId: string): Known | undefined {
    const seq = this.byId.get(messageId);
    return seq === undefined ? undefined : this.get(seq);
  }

  all(): readonly Known[] {
    return this.sorted;
  }

  get size(): number {
    return this.sorted.length;
  }

  /** From one seq to another, both included. */
  between(from: number, to: number): readonly Known[] {
    return this.sorted.slice(this.place(from), to === Infinity ? undefined : this.place(to + 1));
  }

  /** Where the messages from a seq on begin in `all`. */
  place(seq: number): number {
    let [low, high] = [0, this.sorted.length];
    // Most questions are about the newest.
    if (high === 0 || seqAt(this.sorted, high - 1) < seq) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (seqAt(this.sorted, middle) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  put(known: Known): void {
    const place = this.place(known.message.seq);
    // A new message at the end is by far the most common.
    if (place === this.sorted.length) this.sorted.push(known);
    else this.sorted.splice(place, this.bySeq.has(known.message.seq) ? 1 : 0, known);
    this.index(known);
  }

  /** Several in the order of their seqs: those that come to lie next to each other are inserted together. */
  putAll(many: readonly Known[]): void {
    const [only] = many;
    if (only === undefined || many.length === 1) {
      if (only !== undefined) this.put(only);
      return;
    }
    let run: Known[] = [];
    let at = 0;
    const flush = () => {
      if (run.length > 0) this.sorted.splice(at, 0, ...run);
      run = [];
    };
    for (const known of many) {
      const { seq } = known.message;
      const place = this.place(seq);
      if (this.bySeq.has(seq)) {
        flush();
        this.sorted[this.place(seq)] = known;
      } else {
        if (run.length > 0 && place !== at) flush();
        if (run.length === 0) at = this.place(seq);
        run.push(known);
      }
      this.index(known);
    }
    flush();
  }

  /** Keeps those that a test is passed by, and returns the seqs of the others. */
  retain(keep: (known: Known) => boolean): readonly number[] {
    const gone: number[] = [];
    this.sorted = this.sorted.filter((known) => {
      const kept = keep(known);
      if (!kept) {
        gone.push(known.message.seq);
        this.unindex(known.message);
      }
      return kept;
    });
    return gone;
  }

  /** The newest that is not deleted. */
  last(): Known | undefined {
    const newest = this.sorted.at(-1);
    if (newest !== undefined && isLiving(newest.message)) return newest;
    return this.sorted.findLast((known) => isLiving(known.message));
  }

  replies(parentId: string): readonly Message[] {
    return this.pick(this.threads.get(parentId) ?? []).toSorted((one, other) => one.seq - other.seq);
  }

  /** The latest pinned first. */
  pins(): readonly Message[] {
    return this.pick(this.pinned).toSorted(byPinning);
  }

  private pick(seqs: Iterable<number>): Message[] {
    return [...seqs].flatMap((seq) => this.get(seq)?.message ?? []);
  }

  private index(known: Known): void {
    const { message } = known;
    const { seq } = message;
    this.bySeq.set(seq, known);
    this.byId.set(message.id, seq);
    if (isSet(message.pinned_at) && isLiving(message)) this.pinned.add(seq);
    else this.pinned.delete(seq);
    if (isSet(message.parent_id)) {
      const thread = this.threads.get(message.parent_id);
      if (thread === undefined) this.threads.set(message.parent_id, new Set([seq]));
      else thread.add(seq);
    }
  }

  private unindex(message: Message): void {
    this.bySeq.delete(message.seq);
    this.byId.delete(message.id);
    this.pinned.delete(message.seq);
    if (!isSet(message.parent_id)) return;
    const thread = this.threads.get(message.parent_id);
    thread?.delete(message.seq);
    if (thread?.size === 0) this.threads.delete(message.parent_id);
  }
}

function seqAt(sorted: readonly Known[], at: number): number {
  return sorted[at]?.message.seq ?? Infinity;
}

function byPinning(one: Message, other: Message): number {
  const [first, second] = [one.pinned_at ?? '', other.pinned_at ?? ''];
  if (first === second) return other.seq - one.seq;
  return first < second ? 1 : -1;
}
