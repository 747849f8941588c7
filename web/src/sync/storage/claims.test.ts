// What is believed to be on the disk, and when that is given up.

import { expect, test } from 'vitest';
import type { Island, RoomData, RoomRecord } from '../state';
import { Claims } from './claims';

function record(id: string, floor: number, cursor: number, islands: readonly Island[] = []): RoomRecord {
  const counted = { version: 0, read: 0, at: 0, unread: 0, mentions: 0 };
  const room: RoomData = {
    conversation: null,
    early: null,
    peer: null,
    head: cursor,
    ahead: [],
    patchy: 0,
    start: 0,
    since: 0,
    readTo: 0,
    counted,
    countedNow: counted,
    recount: false,
    restart: false,
    last: null,
    membersComplete: false,
    receipts: [],
    cursor,
    floor,
    islands,
  };
  return { id, membership: null, room };
}

test('more than before is fine, and less is not', () => {
  const claims = new Claims([record('1', 10, 20), record('2', 50, 60, [{ from: 5, to: 8 }])]);
  expect(claims.broken([record('1', 5, 30), record('2', 40, 70, [{ from: 1, to: 8 }])])).toEqual([]);
  expect(claims.broken([record('1', 15, 30), record('2', 40, 70)])).toEqual(['1', '2']);
  expect(claims.broken([])).toEqual(['1', '2']);
});

test('nothing is believed of what was empty, unknown or forgotten', () => {
  const claims = new Claims([record('1', 21, 20), record('2', 10, 20)]);
  claims.forget('2');
  expect(claims.broken([])).toEqual([]);
  expect(claims.holds('3', null)).toBe(true);
});
