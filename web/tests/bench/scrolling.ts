// The wheel, turned fast through a history of 100,000 messages: how long frames take, and how much is in the document.

import type { App } from '../harness/app';
import { round, summary, type Summary } from './figures';

const TURNS = 600;

export interface Scrolling {
  readonly frame_ms: Summary;
  /** Share of frames that took longer than two at 60 Hz. */
  readonly slow_frames_percent: number;
  readonly most_rows: number;
  readonly messages_passed: number;
}

export async function scrolling(app: App): Promise<Scrolling> {
  await app.page.evaluate(() => {
    const seen = { frames: [] as number[], rows: 0, going: true };
    Object.assign(window, { seen });
    let last = performance.now();
    const frame = (now: number) => {
      seen.frames.push(now - last);
      last = now;
      seen.rows = Math.max(seen.rows, document.querySelectorAll('[role="article"], article').length);
      if (seen.going) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  const first = await topmost(app);
  await app.timeline.hover();
  for (let turn = 0; turn < TURNS; turn++) await app.page.mouse.wheel(0, -900);
  const last = await topmost(app);
  const { frames, rows } = await app.page.evaluate(() => {
    const { seen } = window as unknown as { seen: { frames: number[]; rows: number; going: boolean } };
    seen.going = false;
    return seen;
  });
  const slow = frames.filter((frame) => frame > 33.4).length;
  return {
    frame_ms: summary(frames),
    slow_frames_percent: round((100 * slow) / frames.length),
    most_rows: rows,
    messages_passed: first - last,
  };
}

/** The place of the topmost message in the history. */
function topmost(app: App): Promise<number> {
  return app.page.evaluate(() => {
    const row = document.querySelector('main article[data-message]');
    return Number(/\d+/.exec(row?.getAttribute('data-message') ?? '')?.[0] ?? 0);
  });
}
