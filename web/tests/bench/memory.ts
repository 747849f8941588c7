// The page's heap before and after an hour of traffic, which is told in as little time as the page needs to take it.

import type { App } from '../harness/app';
import { round } from './figures';
import { text, type World } from './world';

/** A busy hour: a message each second in one of the conversations, and every tenth gets a reaction. */
const MESSAGES = 3600;

export async function memory(app: App, world: World) {
  const before = await heap(app);
  const rooms = [world.long, ...world.short];
  for (const [index, room] of rooms.entries()) {
    const share = Math.ceil(MESSAGES / rooms.length);
    await world.other.post(
      room,
      Array.from({ length: share }, (_, at) => text(index * share + at)),
    );
    const last = await world.other.send(room, `end of ${index}`);
    for (let reaction = 0; reaction < share / 10; reaction++) {
      await world.other.call('PUT', `/messages/${last.id}/reactions/${['👍', '🎉', '🚀'][reaction % 3]}`);
    }
  }
  // All of it has arrived when the list shows the last message of the last conversation.
  await app
    .row(rooms.at(-1)?.name ?? '')
    .filter({ hasText: `end of ${rooms.length - 1}` })
    .waitFor();
  return { before, after_an_hour: await heap(app), messages: MESSAGES };
}

/** Megabytes in use after the garbage is gone. */
async function heap(app: App): Promise<number> {
  const session = await app.page.context().newCDPSession(app.page);
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return round(usedSize / 1_048_576);
}
