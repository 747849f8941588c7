// The order of the conversations, the most recently active first. It is kept, because mostly one of them moves to the top
// while thousands stay where they are.

import { compareIds } from './ids';

/** So many are moved one by one; more are sorted all together. */
const FEW = 20;

export class Order {
  private active = new Map<string, string>();
  private ids: readonly string[] = [];

  /** The order by when each was active; the same list if it is the same order. */
  by(active: Map<string, string>): readonly string[] {
    const before = this.active;
    this.active = active;
    const moved = [...active].filter(([id, at]) => before.get(id) !== at).map(([id]) => id);
    const isWhole = before.size + moved.filter((id) => !before.has(id)).length === active.size;
    if (moved.length === 0 && isWhole) return this.ids;
    const gone = new Set(moved);
    const stays = this.ids.filter((id) => active.has(id) && !gone.has(id));
    const ids = moved.length > FEW ? [...stays, ...moved].toSorted(this.compare) : stays;
    if (moved.length <= FEW) for (const id of moved) ids.splice(this.place(ids, id), 0, id);
    const isSame = ids.length === this.ids.length && ids.every((id, at) => id === this.ids[at]);
    if (!isSame) this.ids = ids;
    return this.ids;
  }

  private place(ids: readonly string[], id: string): number {
    let [low, high] = [0, ids.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = ids[middle];
      if (other !== undefined && this.compare(other, id) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private readonly compare = (one: string, other: string): number => {
    const [first, second] = [this.active.get(one) ?? '', this.active.get(other) ?? ''];
    if (first === second) return compareIds(other, one);
    return first < second ? 1 : -1;
  };
}
