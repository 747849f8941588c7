// A slow network: what happens is said, and everything works in the end.

import { expect, test } from 'vitest';
import { stage } from '../harness/stage';
import { Wire } from '../harness/wire';

const play = stage();

test('over a slow connection the app is usable', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Far away', ben);
  await ben.post(
    group,
    Array.from({ length: 120 }, (_, index) => `line ${index}.`),
  );
  const context = await play.device();
  const app = await play.tab(context);
  const session = await context.newCDPSession(app.page);
  // About what a phone has at the edge of a village.
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 400,
    downloadThroughput: 50_000,
    uploadThroughput: 20_000,
  });
  await app.page.goto('/', { waitUntil: 'commit' });
  await app.signIn(ada);
  await app.open('Far away');
  await app.shows(app.message('line 0.').or(app.message('line 119.')));
  await app.composer.send('it takes a while');
  await app.shows(app.message('it takes a while'));
  await app.delivered('it takes a while');
  await expect.poll(async () => (await ben.texts(group)).at(-1)).toBe('it takes a while');
});

test('a message is on the screen before the server has it, and says that it waits', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Waiting', ben);
  const context = await play.device();
  const wire = await Wire.of(context);
  const app = await play.appOn(context, ada);
  await app.open('Waiting');
  await app.settled();
  wire.hold();
  await app.composer.send('on its way');
  await app.shows(app.queued('on its way'));
  await expect.poll(() => ben.texts(group)).toEqual(['on its way']);
  wire.release();
  await app.delivered('on its way');
  expect(await app.texts()).toEqual(['on its way']);
});

test('connections that break again and again lose nothing', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Loose contact', ben);
  const context = await play.device();
  const wire = await Wire.of(context);
  const app = await play.appOn(context, ada);
  await app.open('Loose contact');
  const expected: string[] = [];
  for (let turn = 0; turn < 6; turn += 1) {
    await app.composer.send(`mine ${turn}.`);
    await wire.cut();
    await ben.send(group, `yours ${turn}.`);
    expected.push(`mine ${turn}.`, `yours ${turn}.`);
  }
  await app.delivered('mine 5.');
  await app.shows(app.message('yours 5.'));
  const texts = await ben.texts(group);
  expect(texts.toSorted()).toEqual(expected.toSorted());
  expect(texts.filter((text) => text.startsWith('mine'))).toEqual(expected.filter((text) => text.startsWith('mine')));
  expect(await app.texts()).toEqual(texts);
});
