// What people feel: from pressing a key to the message on the screen, from a click to a conversation.

import type { App } from '../harness/app';
import { summary, type Summary } from './figures';
import { text, type World } from './world';

const SENT = 40;

/**
 * From the press of Enter to the frame in which the own message is painted, while it is sent in earnest. The page itself
 * measures: the key's own time, and the second frame after the message has come into the document.
 */
export async function keyToScreen(app: App): Promise<Summary> {
  const times: number[] = [];
  for (let index = 0; index < SENT; index++) {
    const mark = `measured ${index}`;
    await app.composer.fill(mark);
    const measured = app.page.evaluate(
      (mark) =>
        new Promise<number>((resolve) => {
          let pressed = 0;
          addEventListener('keydown', (event) => (pressed = event.timeStamp), { capture: true, once: true });
          const observer = new MutationObserver(() => {
            const rows = document.querySelectorAll('[role="article"], article');
            if (![...rows].some((row) => row.textContent.includes(mark))) return;
            observer.disconnect();
            requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - pressed)));
          });
          observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        }),
      mark,
    );
    await app.composer.box.press('Enter');
    times.push(await measured);
  }
  return summary(times);
}

/** From the click on a conversation in the list to its newest message: never seen before, and seen before. */
export async function openings(app: App, world: World): Promise<{ from_server: Summary; from_cache: Summary }> {
  // The newest of each short conversation ends with the same number, so the name in the heading tells them apart.
  const open = async (name: string) => {
    const row = app.row(name);
    await row.waitFor();
    const measured = app.page.evaluate(
      ([name, newest]) =>
        new Promise<number>((resolve) => {
          let pressed = 0;
          addEventListener('click', (event) => (pressed = event.timeStamp), { capture: true, once: true });
          const look = () => {
            const there = [...document.querySelectorAll('main h1')].some((title) => title.textContent.includes(name));
            const rows = [...document.querySelectorAll('[role="article"], article')];
            if (pressed && there && rows.some((row) => row.textContent.includes(newest))) {
              requestAnimationFrame(() => resolve(performance.now() - pressed));
            } else requestAnimationFrame(look);
          };
          look();
        }),
      [name, text(59).slice(0, 20)] as const,
    );
    await row.click();
    return measured;
  };
  const server: number[] = [];
  const cache: number[] = [];
  for (const { name } of world.short) server.push(await open(name ?? ''));
  for (let round = 0; round < 3; round++) for (const { name } of world.short) cache.push(await open(name ?? ''));
  return { from_server: summary(server), from_cache: summary(cache) };
}
