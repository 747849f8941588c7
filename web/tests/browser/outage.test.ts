// Connections break and servers fall over: what was written arrives once and in order, and nothing that came meanwhile is
// missed.

import { expect, test } from 'vitest';
import { stage } from '../harness/stage';
import { Wire } from '../harness/wire';

const play = stage();

async function pair(name: string) {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group(name, ben);
  const app = await play.app(ada);
  await app.open(name);
  return { ada, ben, group, app };
}

const five = ['first', 'second', 'third', 'fourth', 'fifth'];

test('a reload before the server has answered sends each message once', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Reload', ben);
  const context = await play.device();
  const wire = await Wire.of(context);
  const app = await play.appOn(context, ada);
  await app.open('Reload');
  await app.composer.send('before');
  await app.delivered('before');
  // The server gets everything and its answers are lost, which is the worst moment to reload in.
  wire.hold();
  for (const text of five) await app.composer.send(text);
  // The next one is sent when the one before is known to have arrived.
  await expect.poll(() => ada.texts(group)).toEqual(['before', 'first']);
  for (const text of five) await app.shows(app.queued(text));

  await app.page.reload();
  wire.release();
  for (const text of five) await app.delivered(text);
  expect(await app.texts()).toEqual(['before', ...five]);
  expect(await ada.texts(group)).toEqual(['before', ...five]);
});

test('a reload while there is no connection loses nothing that was queued', async () => {
  const { ada, group, app } = await pair('Queue');
  await app.composer.send('before');
  await app.delivered('before');
  await play.server.stop();
  for (const text of five) await app.composer.send(text);
  await app.shows(app.queued('fifth'));
  await play.server.begin();
  await app.page.reload();
  for (const text of five) await app.delivered(text);
  expect(await ada.texts(group)).toEqual(['before', ...five]);
});

for (const [how, end] of [
  ['is restarted', () => play.server.stop()],
  ['is killed', () => play.server.kill()],
] as const) {
  test(`when the server ${how}, everything arrives once and in order`, async () => {
    const { ada, ben, group, app } = await pair('Outage');
    const other = await play.app(ben);
    await other.open('Outage');
    await app.composer.send('before');
    await other.shows(other.message('before'));

    // Some may be on their way when it ends; the others wait.
    await app.composer.send('first');
    await app.composer.send('second');
    await end();
    await app.composer.send('third');
    await other.composer.send('from the other');
    await app.composer.send('fourth');
    await app.shows(app.queued('fourth'));
    await play.server.begin();

    await app.delivered('fourth');
    await other.delivered('from the other');
    await app.shows(app.message('from the other'));
    await other.shows(other.message('fourth'));
    const texts = await ada.texts(group);
    expect(texts.filter((text) => text !== 'from the other')).toEqual(['before', 'first', 'second', 'third', 'fourth']);
    expect(texts.toSorted()).toEqual(['before', 'first', 'fourth', 'from the other', 'second', 'third']);
    expect(await app.texts()).toEqual(texts);
    expect(await other.texts()).toEqual(texts);
  });
}

test('what others wrote during an outage is there afterwards', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Missed', ben);
  const context = await play.device();
  const wire = await Wire.of(context);
  const app = await play.appOn(context, ada);
  await app.open('Missed');
  await ben.send(group, 'one');
  await app.shows(app.message('one'));
  await wire.unplug();
  await app.shows(app.trouble);
  await ben.post(group, ['two', 'three', 'four']);
  await wire.plugIn();
  await app.shows(app.message('four'));
  await app.hides(app.trouble);
  expect(await app.texts()).toEqual(['one', 'two', 'three', 'four']);
});
