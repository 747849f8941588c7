// What this tab believes to be on the disk without having read it. Only the tab that leads writes, and it may have let go
// of messages since this tab read what there is; then the belief is wrong, and the conversation is loaded afresh.

import type { Island, RoomData, RoomRecord } from '../state';

export class Claims {
  private readonly rooms = new Map<string, RoomData>();

  constructor(records: readonly RoomRecord[]) {
    for (const { id, room } of records) if (room !== null) this.rooms.set(id, room);
  }

  /** The conversation was loaded afresh, and nothing of before is believed. */
  forget(id: string): void {
    this.rooms.delete(id);
  }

  /** Those of which the disk has less than is believed. */
  broken(records: readonly RoomRecord[]): readonly string[] {
    const now = new Map(records.map((record) => [record.id, record]));
    return [...this.rooms.keys()].filter((id) => !this.holds(id, now.get(id) ?? null));
  }

  /** Whether the disk has all that was there when this tab looked first. */
  holds(id: string, now: RoomRecord | null): boolean {
    const believed = this.rooms.get(id);
    if (believed === undefined) return true;
    const there = now === null || now.room === null ? [] : islandsOf(now.room);
    return islandsOf(believed).every(({ from, to }) => there.some((island) => island.from <= from && island.to >= to));
  }
}

function islandsOf({ islands, floor, cursor }: RoomData): readonly Island[] {
  return [...islands, { from: floor, to: cursor }].filter(({ from, to }) => from <= to);
}
