// What the service worker does with a push. The push service of the browser cannot be reached in a test, so the push is
// handed to the worker by the browser's own tools.

import { expect, test } from 'vitest';
import type { CDPSession } from 'playwright-core';
import type { App } from '../harness/app';
import { stage } from '../harness/stage';

const play = stage();

/** The browser's tools for the worker, once it runs. */
async function worker(app: App): Promise<(payload: object) => Promise<void>> {
  await app.installed();
  const session: CDPSession = await app.page.context().newCDPSession(app.page);
  const registration = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const found = registrations.find(({ isDeleted }) => !isDeleted);
      if (found) resolve(found.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  const registrationId = await registration;
  const origin = new URL(app.page.url()).origin;
  return async (payload) => {
    await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: JSON.stringify(payload) });
  };
}

function shown(app: App): Promise<string[]> {
  return app.page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return (await registration.getNotifications()).map(({ title, body }) => `${title}: ${body}`);
  });
}

test('a push is shown, and taken away when it was read elsewhere', async () => {
  const ada = await play.person('Ada');
  const context = await play.device();
  await context.grantPermissions(['notifications']);
  const app = await play.appOn(context, ada, '/settings/about');
  const push = await worker(app);
  const message = (seq: number) => ({
    type: 'message',
    conversation_id: '12',
    seq,
    message_id: String(seq),
    title: 'Ben',
    body: `hello ${seq}`,
    tag: String(seq),
  });
  await push(message(4));
  await push(message(5));
  await expect.poll(() => shown(app)).toEqual(['Ben: hello 4', 'Ben: hello 5']);
  // The same message again takes the place of itself.
  await push(message(5));
  await push({ type: 'read', conversation_id: '12', seq: 4 });
  await expect.poll(() => shown(app)).toEqual(['Ben: hello 5']);
  await push({ type: 'read', conversation_id: '12', seq: 9 });
  await expect.poll(() => shown(app)).toEqual([]);
});
