// `cargo xtask bench web`: what the client costs whoever uses it, as JSON. A release server, a real browser, one person
// before it and one who writes. Every time is measured inside of the page, by the page's own clock.

import type { Browser } from 'playwright-core';
import { App } from '../harness/app';
import { device, launch, signIn } from '../harness/browser';
import { Server } from '../harness/server';
import { everything } from './bytes';
import { keyToScreen, openings } from './interaction';
import { memory } from './memory';
import { scrolling } from './scrolling';
import { starting } from './start';
import { populate, type World } from './world';

export async function main(): Promise<void> {
  const server = await Server.start();
  const browser = await launch();
  try {
    const world = await populate(server);
    const { bytes, usable_ms } = await starting(browser, server, world);
    const figures = {
      javascript_bytes_gzip: { before_usable: bytes, all: await everything() },
      usable_ms,
      ...(await using(browser, server, world)),
    };
    process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  } finally {
    await browser.close();
    await server.close();
  }
}

async function using(browser: Browser, server: Server, world: World) {
  const context = await device(browser, server);
  const app = new App(await signIn(context, world.me));
  await app.row('Long').waitFor();
  const figures = {
    open_conversation_ms: await openings(app, world),
    memory_megabytes: await memory(app, world),
    key_press_to_own_message_ms: (await app.open('Long'), await keyToScreen(app)),
    scrolling_100_000_messages: await scrolling(app),
  };
  await context.close();
  return figures;
}
