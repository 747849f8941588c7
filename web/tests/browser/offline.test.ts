// Without a connection: what was read is there, what is written waits in its order, and even the app itself starts.

import { expect, test } from 'vitest';
import { stage } from '../harness/stage';
import { Wire } from '../harness/wire';

const play = stage();

test('offline, what was read is there and what is written goes out on return', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const [first, second] = [await ada.group('First', ben), await ada.group('Second', ben)];
  await ben.send(first, 'in the first');
  await ben.send(second, 'in the second');
  const context = await play.device();
  const wire = await Wire.of(context);
  const app = await play.appOn(context, ada);
  await app.open('First');
  await app.shows(app.message('in the first'));
  await app.open('Second');
  await app.shows(app.message('in the second'));

  await wire.unplug();
  await app.shows(app.trouble);
  await app.composer.send('one');
  await app.open('First');
  await app.shows(app.message('in the first'));
  await app.composer.send('two');
  await app.composer.send('three');
  await app.shows(app.queued('three'));

  await wire.plugIn();
  await app.delivered('three');
  await app.hides(app.trouble);
  await expect.poll(() => ben.texts(first)).toEqual(['in the first', 'two', 'three']);
  await expect.poll(() => ben.texts(second)).toEqual(['in the second', 'one']);
});

test('the app starts offline, with what was read and what waits', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Cold start', ben);
  const { seq } = await ben.send(group, 'read before');
  const context = await play.device();
  const app = await play.appOn(context, ada);
  await app.open('Cold start');
  await app.shows(app.message('read before'));
  await app.installed();
  // That it was read is written after the messages themselves.
  const read = `"read":${seq}`;
  await expect.poll(() => app.kept('read before', read)).toEqual(['read before', read]);

  await context.setOffline(true);
  await app.page.reload();
  await app.shows(app.message('read before'));
  await app.composer.send('written offline');
  await app.shows(app.queued('written offline'));
  await app.page.close();

  const again = await play.tab(context);
  await again.page.goto('/');
  await again.open('Cold start');
  await again.shows(again.message('read before'));
  await again.shows(again.queued('written offline'));
  expect(await ben.texts(group)).toEqual(['read before']);

  await context.setOffline(false);
  await again.delivered('written offline');
  await expect.poll(() => ben.texts(group)).toEqual(['read before', 'written offline']);
});
