// Files in messages: chosen, dropped and pasted, on their way, and as they look when they have arrived.

import { expect, test } from 'vitest';
import type { Message, Page } from '@/protocol.gen';
import { flaws } from '../harness/axe';
import { screens, type Place, type Screen } from '../harness/browser';
import { sticksOut } from '../harness/looks';
import { picture } from '../harness/picture';
import { stage } from '../harness/stage';
import { Wire } from '../harness/wire';
import { words } from '../harness/words';

const play = stage();

async function pair(name: string, place: Place = {}) {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group(name, ben);
  const context = await play.device(place);
  const wire = await Wire.of(context);
  const app = await play.appOn(context, ada);
  await app.open(name);
  /** What the server has, oldest first: each message's text and the names of its files. */
  const sent = async () => {
    const page = await ben.call<Page<Message>>('GET', `/conversations/${group.id}/messages?limit=50`);
    const texts = page.items.filter(({ type }) => type === 'text');
    return texts.map(({ body, attachments }) => [body, ...attachments.map(({ name: of }) => of)].join(' | '));
  };
  return { ada, ben, group, context, wire, app, sent };
}

const png = (name: string, width = 60, height = 40) => ({
  name,
  mimeType: 'image/png',
  buffer: picture(width, height),
});
const plain = (name: string, content = 'hello') => ({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });
/** So large that it takes several pieces. */
const large = (name: string) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.alloc(30_000_000, 7) });

test('a picture goes with words, and is seen in its own shape by everybody', async () => {
  const { app, ben, sent } = await pair('Holidays');
  await app.attach(png('beach.png', 600, 400));
  await app.shows(app.waiting('beach.png'));
  await app.composer.send('the beach');
  await app.delivered('the beach');
  expect(await sent()).toEqual(['the beach | beach.png']);
  const box = await app.picture('beach.png').boundingBox();
  expect(box && box.width / box.height).toBeCloseTo(1.5, 1);
  await app.hides(app.waiting('beach.png'));

  const other = await play.app(ben);
  await other.open('Holidays');
  await other.shows(other.picture('beach.png'));
  await expect.poll(() => other.loaded('beach.png')).toBe(true);
});

test('several go in the order that they were given, without what was taken away', async () => {
  const { app, sent } = await pair('Several');
  await app.attach(plain('one.txt'), plain('two.txt'), plain('three.txt'));
  await app.waiting('three.txt').focus();
  await app.page.keyboard.press('Alt+ArrowLeft');
  await app.page.keyboard.press('Alt+ArrowLeft');
  await expect.poll(() => app.trayNames()).toEqual(['three.txt', 'one.txt', 'two.txt']);
  await app.waiting('one.txt').focus();
  await app.page.keyboard.press('Delete');
  await expect.poll(() => app.trayNames()).toEqual(['three.txt', 'two.txt']);
  await app.button('composer.send').click();
  await expect.poll(sent).toEqual([' | three.txt | two.txt']);
  await app.shows(app.timeline.getByRole('link', { name: words('file.download', { name: 'two.txt' }) }));
});

test('what is dropped and what is pasted is attached', async () => {
  const { app, sent } = await pair('Dropped');
  for (const kind of ['drop', 'paste'] as const) {
    const data = await app.page.evaluateHandle((name) => {
      const data = new DataTransfer();
      data.items.add(new File(['hello'], `${name}.txt`, { type: 'text/plain' }));
      return data;
    }, kind);
    if (kind === 'drop') {
      await app.timeline.dispatchEvent('dragover', { dataTransfer: data });
      await app.shows(app.says(words('file.drop')));
      await app.timeline.dispatchEvent('drop', { dataTransfer: data });
    } else {
      await app.composer.box.evaluate(
        (box, clipboardData) => box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true })),
        data,
      );
    }
    await app.shows(app.waiting(`${kind}.txt`));
  }
  await app.composer.send('both');
  await expect.poll(sent).toEqual(['both | drop.txt | paste.txt']);
});

test('offline, files wait with their message, and leave on return, in order and once', async () => {
  const { app, wire, sent } = await pair('Away');
  // What the composer needs is here before the connection goes.
  await app.attach(plain('first.txt'));
  await app.composer.send('first');
  await app.delivered('first');
  await wire.unplug();
  await app.shows(app.trouble);
  await app.attach(png('second.png'));
  await app.shows(app.waiting('second.png'));
  await app.composer.send('second');
  await app.attach(plain('third.txt'));
  await app.shows(app.waiting('third.txt'));
  await app.composer.send('third');
  await app.shows(app.queued('third'));
  await wire.plugIn();
  await app.delivered('third');
  expect(await sent()).toEqual(['first | first.txt', 'second | second.png', 'third | third.txt']);
});

test('an upload goes on after a reload, and its message leaves when it is done', async () => {
  const { app, context, sent } = await pair('Reload');
  const session = await context.newCDPSession(app.page);
  await session.send('Network.enable');
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 4_000_000 };
  await session.send('Network.emulateNetworkConditions', slow);
  await app.attach(large('film.bin'));
  await expect.poll(() => app.progress('film.bin')).toBeGreaterThan(10);
  await app.composer.send('the film');
  await app.shows(app.queued('the film'));
  // What is written after it does not wait for it.
  await app.composer.send('no hurry');
  await app.delivered('no hurry');
  await app.page.reload();
  await app.delivered('the film');
  expect(await sent()).toEqual(['no hurry', 'the film | film.bin']);
});

test('an upload can be held, resumed and taken away', async () => {
  const { app, context, sent } = await pair('Held');
  const session = await context.newCDPSession(app.page);
  await session.send('Network.enable');
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 2_000_000 };
  await session.send('Network.emulateNetworkConditions', slow);
  await app.attach(large('film.bin'));
  await app.button('file.hold', { name: 'film.bin' }).click();
  await app.shows(app.button('file.goOn', { name: 'film.bin' }));
  await app.button('file.goOn', { name: 'film.bin' }).click();
  await app.shows(app.button('file.hold', { name: 'film.bin' }));
  await app.button('file.remove', { name: 'film.bin' }).click();
  await app.hides(app.waiting('film.bin'));
  await app.composer.send('only words');
  await expect.poll(sent).toEqual(['only words']);
});

test('what another tab holds is seen in this one, and goes with its message', async () => {
  const { app, group, sent } = await pair('Tabs');
  const other = await app.another(`/c/${group.id}`);
  await other.attach(plain('from here.txt'));
  await app.shows(app.waiting('from here.txt'));
  await other.composer.send('from the other tab');
  await app.hides(app.waiting('from here.txt'));
  await app.delivered('from the other tab');
  expect(await sent()).toEqual(['from the other tab | from here.txt']);
});

test('too many are said before they travel', async () => {
  const { app } = await pair('Many');
  await app.attach(...Array.from({ length: 11 }, (_, at) => plain(`${at}.txt`)));
  await app.shows(app.says(words('file.tooMany', { count: 10 })));
  await expect.poll(async () => (await app.trayNames()).length).toBe(10);
});

test.each(['light', 'dark'] as const)('files shut nobody out, in %s', async (theme) => {
  const { app } = await pair('Open to all', { theme });
  await app.attach(png('a.png', 300, 200), plain('b.txt'), png('c.png', 100, 300));
  await app.shows(app.waiting('c.png'));
  await app.settled();
  expect(await flaws(app.page)).toEqual([]);
  await app.composer.send('three');
  await app.delivered('three');
  await expect.poll(() => app.loaded('a.png')).toBe(true);
  expect(await flaws(app.page)).toEqual([]);
});

test.each(Object.keys(screens) as Screen[])('nothing sticks out on a %s', async (screen) => {
  const { app } = await pair('Everywhere', { screen });
  const name = `${'a-very-long-name-'.repeat(8)}.txt`;
  await app.attach(...Array.from({ length: 7 }, (_, at) => png(`${at}.png`, 900, 500)), plain(name));
  await app.shows(app.waiting(name));
  expect(await sticksOut(app.page)).toEqual([]);
  await app.button('composer.send').click();
  await app.shows(app.picture('6.png'));
  await app.shows(app.timeline.getByRole('link', { name: words('file.download', { name }) }));
  expect(await sticksOut(app.page)).toEqual([]);
  // The grid takes the room that there is, whatever is written beside it.
  const tile = await app.picture('6.png').boundingBox();
  expect(tile?.width).toBeGreaterThan(80);
  // One alone is as wide as it may be, and no wider than the page.
  await app.attach(png('alone.png', 900, 500));
  await app.button('composer.send').click();
  await app.shows(app.picture('alone.png'));
  expect(await sticksOut(app.page)).toEqual([]);
});
