// A channel of 100,000 messages: it opens at once, any date and both ends are near, and while somebody scrolls through it
// there is never a hole on the screen nor more on the page than the screen needs.

import { beforeAll, expect, test, vi } from 'vitest';
import type { Conversation } from '@/protocol.gen';
import { words, type App } from '../harness/app';
import { zoneWithMidnightAt } from '../harness/midnight';
import type { Person } from '../harness/person';
import { stage } from '../harness/stage';

const COUNT = 100_000;
/** "At most about 100 message rows". */
const ROWS = 110;
/** Between messages there are day lines and margins, but nothing as tall as this. */
const HOLE = 120;

const play = stage();
let ada: Person;
let channel: Conversation;
/** The time zone in which midnight fell between the two halves, so that there are two days to jump between. */
let timeZone: string;

/** Messages of several heights, told apart by their number. */
function* bodies(from: number, to: number): Generator<string> {
  for (let at = from; at <= to; at += 1) {
    const words = 'lorem ipsum dolor sit amet '.repeat((at * 7) % 13);
    yield at % 10 === 0 ? `number ${at}\n\n- one\n- two\n\n\`\`\`\ncode ${at}\n\`\`\`` : `number ${at} ${words}`;
  }
}

beforeAll(async () => {
  ada = await play.person('Ada');
  const ben = await play.person('Ben');
  channel = await ada.channel('Everything');
  await ben.join(channel);
  await ben.post(channel, bodies(1, COUNT / 2));
  const last = await ben.send(channel, 'the last of the first day');
  const midnight = Math.floor(Date.parse(last.created_at) / 1000) + 1;
  await vi.waitUntil(() => Date.now() / 1000 > midnight);
  await ben.send(channel, 'the first of the second day');
  await ben.post(channel, bodies(COUNT / 2 + 1, COUNT));
  await ada.read(channel);
  timeZone = zoneWithMidnightAt(midnight);
});

/** Looks at every frame from now on: how many rows there are, and how tall the largest hole on the screen was. */
async function watchRows(app: App): Promise<() => Promise<{ rows: number; hole: number; frames: number }>> {
  await app.timeline.evaluate((timeline) => {
    const seen = { rows: 0, hole: 0, frames: 0, on: true };
    Object.assign(window, { seen });
    const look = () => {
      const frame = timeline.getBoundingClientRect();
      const rows = [...timeline.querySelectorAll('[data-message]')];
      let covered = frame.top;
      for (const { top, bottom } of rows.map((row) => row.getBoundingClientRect()).toSorted((a, b) => a.top - b.top)) {
        if (bottom <= frame.top || top >= frame.bottom) continue;
        seen.hole = Math.max(seen.hole, top - covered);
        covered = Math.max(covered, bottom);
      }
      seen.hole = Math.max(seen.hole, frame.bottom - covered);
      seen.rows = Math.max(seen.rows, rows.length);
      seen.frames += 1;
      if (seen.on) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  return () =>
    app.page.evaluate(() => {
      const { seen } = window as unknown as { seen: { rows: number; hole: number; frames: number; on: boolean } };
      seen.on = false;
      return seen;
    });
}

/** The numbers of the messages on the screen. */
async function numbers(app: App): Promise<number[]> {
  const texts = await app.texts();
  return texts.flatMap((text) => /number (\d+)/.exec(text)?.[1] ?? []).map(Number);
}

test('it opens at the newest messages, with few rows', async () => {
  const app = await play.app(ada, { timeZone });
  await app.open('Everything');
  await app.shows(app.message(`number ${COUNT}`));
  expect(await app.timeline.locator('[data-message]').count()).toBeLessThanOrEqual(ROWS);
});

test('a date is near', async () => {
  const app = await play.app(ada, { timeZone });
  await app.open('Everything');
  await app.shows(app.message(`number ${COUNT}`));
  const today = app.dialog().getByLabel(words('timeline.date'), { exact: true });
  await app.jumpToDate();
  const date = await today.inputValue();
  const yesterday = new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);
  await today.fill(yesterday);
  await app
    .dialog()
    .getByRole('button', { name: words('timeline.jump') })
    .click();
  await app.shows(app.message(/number 1\b/));
  await app.button('timeline.newest').click();
  await app.shows(app.message(`number ${COUNT}`));
});

test('scrolling with the wheel shows no hole, and little at once', async () => {
  const app = await play.app(ada, { timeZone });
  await app.open('Everything');
  await app.shows(app.message(`number ${COUNT}`));
  const watched = await watchRows(app);
  await app.timeline.hover();
  const goal = COUNT - 1000;
  await expect
    .poll(
      async () => {
        for (let turn = 0; turn < 5; turn += 1) await app.page.mouse.wheel(0, -700);
        return Math.min(...(await numbers(app)));
      },
      { timeout: 60_000 },
    )
    .toBeLessThan(goal);
  const seen = await watched();
  expect(seen.frames).toBeGreaterThan(10);
  expect(seen.rows).toBeLessThanOrEqual(ROWS);
  expect(seen.hole).toBeLessThan(HOLE);
  // What was shown is in order and nothing is missing.
  const shown = await numbers(app);
  expect(shown).toEqual(shown.map((_, index) => (shown[0] ?? 0) + index));
});

test('the top is reached from the keyboard, and the end again', async () => {
  const app = await play.app(ada, { timeZone });
  await app.open('Everything');
  await app.shows(app.message(`number ${COUNT}`));
  await app.jumpToDate();
  const date = app.dialog().getByLabel(words('timeline.date'), { exact: true });
  await date.fill(new Date(Date.parse(await date.inputValue()) - 86_400_000).toISOString().slice(0, 10));
  await app
    .dialog()
    .getByRole('button', { name: words('timeline.jump') })
    .click();
  await app.shows(app.message(/number 1\b/));
  const watched = await watchRows(app);
  await app.timeline.focus();
  await app.page.keyboard.press('End');
  await app.page.keyboard.press('Home');
  await app.shows(app.message(/number 1\b/));
  const seen = await watched();
  expect(seen.rows).toBeLessThanOrEqual(ROWS);
});
