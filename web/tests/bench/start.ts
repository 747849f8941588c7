// From nothing to something that can be used: how much is loaded, and how long it takes.

import type { Browser } from 'playwright-core';
import { App } from '../harness/app';
import { device, signIn } from '../harness/browser';
import type { Server } from '../harness/server';
import { countScripts } from './bytes';
import { summary } from './figures';
import type { World } from './world';

const ROUNDS = 7;

export async function starting(browser: Browser, server: Server, world: World) {
  const times = { sign_in_page: [] as number[], first_conversation: [] as number[], again_from_cache: [] as number[] };
  const bytes = { sign_in_page: 0, first_conversation: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    // A new profile each time: nothing is in any cache.
    const context = await device(browser, server);
    const stranger = new App(await context.newPage());
    const first = countScripts(stranger.page);
    await stranger.page.goto('/sign-in');
    await stranger.field('auth.password').waitFor();
    times.sign_in_page.push(await age(stranger));
    bytes.sign_in_page = await first();
    await stranger.page.close();

    // Signed in, with the HTTP cache and the service worker's emptied by a new tab that may not use them.
    const tab = await signIn(context, world.me);
    await new App(tab).row('Long').waitFor();
    await tab.close();
    const cold = new App(await context.newPage());
    const session = await context.newCDPSession(cold.page);
    await session.send('Network.enable');
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    await session.send('Network.setBypassServiceWorker', { bypass: true });
    const second = countScripts(cold.page);
    await cold.page.goto(`/c/${world.long.id}`);
    await usable(cold);
    times.first_conversation.push(await age(cold));
    bytes.first_conversation = await second();
    await cold.page.close();

    const warm = new App(await context.newPage());
    await warm.page.goto(`/c/${world.long.id}`);
    await usable(warm);
    await warm.page.reload();
    await usable(warm);
    times.again_from_cache.push(await age(warm));
    await context.close();
  }
  return {
    bytes,
    usable_ms: {
      sign_in_page: summary(times.sign_in_page),
      first_conversation: summary(times.first_conversation),
      again_from_cache: summary(times.again_from_cache),
    },
  };
}

/** Messages can be read and written. */
async function usable(app: App): Promise<void> {
  await app.composer.box.waitFor();
  // A text without markup, which is there before what draws markup is.
  await app.message(/99998 /).waitFor();
}

/** Milliseconds since the page began to load. */
function age(app: App): Promise<number> {
  return app.page.evaluate(() => performance.now());
}
