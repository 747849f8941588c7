// How much JavaScript somebody loads before they can read and write: the entry, the texts of the first page and the open
// conversation, compressed as the server hands them out. What loads after that, such as the formatting of messages or the
// texts of other pages, is not part of it, so the messages here have no markup and the count ends at the composer.

import { expect, test } from 'vitest';
import { App } from '../harness/app';
import { countScripts } from '../bench/bytes';
import { stage } from '../harness/stage';

/** Bytes. The goal is 150,000; until it is reached, this keeps the distance from growing. */
const MOST = 164_000;

const play = stage();

test('the first page stays within its budget', async () => {
  const ada = await play.person('Ada');
  const group = await ada.group('Books');
  await ada.send(group, 'Hello');
  const context = await play.device();
  const first = await play.appOn(context, ada);
  await first.shows(first.row('Books'));

  const cold = new App(await context.newPage());
  const session = await context.newCDPSession(cold.page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await session.send('Network.setBypassServiceWorker', { bypass: true });
  const scripts = countScripts(cold.page);
  await cold.page.goto(`/c/${group.id}`);
  await Promise.all([cold.shows(cold.message('Hello')), cold.shows(cold.composer.box)]);
  expect(await scripts()).toBeLessThan(MOST);
});
