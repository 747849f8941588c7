// Two devices have changed the same text, and neither knew of the other. Nothing that somebody wrote is lost: changes of
// different places are both made, and where they cannot be told apart both texts are kept, one's own first.

interface Change {
  readonly from: number;
  /** Where what was replaced ended in the text of before. */
  readonly to: number;
  readonly by: string;
}

export function merge(base: string, mine: string, theirs: string): string {
  if (theirs === base) return mine;
  // What was emptied here was sent or thrown away; what the other device wrote since then was not.
  if (mine === base || mine === '') return theirs;
  // One goes on from the other.
  if (mine.startsWith(theirs)) return mine;
  if (theirs.startsWith(mine)) return theirs;
  const [one, other] = [changeOf(base, mine), changeOf(base, theirs)].toSorted((a, b) => a.from - b.from);
  if (one === undefined || other === undefined || one.to > other.from || one.from === other.from) {
    return `${mine}\n\n${theirs}`;
  }
  const between = base.slice(one.to, other.from);
  return base.slice(0, one.from) + one.by + between + other.by + base.slice(other.to);
}

/** The one stretch in which two texts differ. */
function changeOf(before: string, after: string): Change {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from += 1;
  let same = 0;
  while (same < most - from && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  return { from, to: before.length - same, by: after.slice(from, after.length - same) };
}
