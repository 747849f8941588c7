// Keeping what is on the disk bounded: where there is too much in all, the conversations that were looked at longest ago
// keep only their newest messages.

import type { Store } from '../store';
import type { Rooms } from '../views/rooms';

/** Messages that are kept in all. */
const MOST = 30_000;

export async function tidy(store: Store, rooms: Rooms, isShown: (id: string) => boolean, most = MOST): Promise<void> {
  const { state, disk } = store;
  const counts = await disk.countMessages();
  const looked = await disk.readLooks();
  let total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const oldest = [...counts.keys()].toSorted((a, b) => (looked.get(a) ?? 0) - (looked.get(b) ?? 0));
  for (const id of oldest) {
    if (total <= most) return;
    if (isShown(id)) continue;
    await rooms.load(id);
    const head = state.head(id);
    total -= state.trim(id, head, head);
    store.changed();
  }
}
