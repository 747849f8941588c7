// Finds where a day begins in a conversation's history, by halving: seqs grow with time, so some twenty questions are
// enough for a million messages.

/** The first message after a seq, or null when there is none. */
export type Ask = (after: number) => Promise<{ readonly seq: number; readonly created_at: string } | null>;

/** The seq of the first message at or after a time; null when all are older. `head`: a seq that none is beyond. */
export async function firstSince(time: number, head: number, ask: Ask): Promise<number | null> {
  // Every message up to `older` is older than the time; `found` is not.
  let older = 0;
  let newer = head;
  let found: number | null = null;
  while (older < newer) {
    const middle = Math.floor((older + newer) / 2);
    const message = await ask(middle);
    if (message && Date.parse(message.created_at) < time) older = message.seq;
    else {
      if (message) found = message.seq;
      newer = middle;
    }
  }
  return found;
}
