// Looking at what was sent: the viewer over the page, the files of a conversation, and the pictures of people.

import { expect, test } from 'vitest';
import { flaws } from '../harness/axe';
import type { Place } from '../harness/browser';
import { picture } from '../harness/picture';
import { stage } from '../harness/stage';
import { words } from '../harness/words';

const play = stage();

const png = (name: string, width = 900, height = 600) => ({
  name,
  mimeType: 'image/png',
  buffer: picture(width, height),
});

async function gallery(name: string, place: Place = {}) {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group(name, ben);
  const app = await play.app(ada, place);
  await app.open(name);
  await app.attach(png('old.png'));
  await app.composer.send('the old one');
  await app.delivered('the old one');
  await app.attach(png('left.png'), png('right.png', 400, 900), {
    name: 'notes.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('notes'),
  });
  await app.composer.send('two more');
  await app.delivered('two more');
  return { ada, ben, group, app };
}

/** Which picture the viewer shows. */
const shown = (name: string) => ({ role: 'img', name }) as const;

test('the viewer leads through all pictures by keys, zooms, and closes', async () => {
  const { app } = await gallery('Viewed');
  await app.picture('left.png').click();
  const image = (name: string) => app.viewer.getByRole('img', { name: shown(name).name, exact: true });
  await app.shows(image('left.png'));
  await app.page.keyboard.press('ArrowRight');
  await app.shows(image('right.png'));
  // The pictures of other messages come a moment later.
  await app.shows(app.viewer.getByRole('button', { name: words('file.next'), exact: true }));
  await app.page.keyboard.press('ArrowRight');
  await app.shows(image('old.png'));
  await app.page.keyboard.press('ArrowLeft');
  await app.shows(image('right.png'));
  expect(await flaws(app.page)).toEqual([]);

  const scale = () =>
    image('right.png')
      .locator('div')
      .first()
      .evaluate((element) => new DOMMatrix(getComputedStyle(element).transform).a);
  expect(await scale()).toBe(1);
  await app.page.keyboard.press('+');
  await expect.poll(scale).toBeCloseTo(1.5);
  await app.page.keyboard.press('0');
  await expect.poll(scale).toBe(1);
  await image('right.png').dblclick();
  await expect.poll(scale).toBeGreaterThan(2);
  await image('right.png').hover();
  await app.page.mouse.wheel(0, 2000);
  await expect.poll(scale).toBe(1);

  await app.page.keyboard.press('Escape');
  await app.hides(app.viewer);
  await app.picture('old.png').click();
  await app.shows(image('old.png'));
  await app.page.goBack();
  await app.hides(app.viewer);
});

test.each(['light', 'dark'] as const)('the files of a conversation stand among its details, in %s', async (theme) => {
  const { app } = await gallery('Collected', { theme });
  await app.showDetails('files');
  const files = app.details.getByRole('tabpanel');
  await expect.poll(() => files.getByRole('listitem').count()).toBe(3);
  await app.settled();
  expect(await flaws(app.page)).toEqual([]);
  await files.getByRole('button', { name: words('file.others'), exact: true }).click();
  await app.shows(files.getByText('notes.txt'));
  expect(await flaws(app.page)).toEqual([]);
  await files.getByRole('button', { name: words('file.sounds'), exact: true }).click();
  await app.shows(files.getByText(words('file.none')));
  await files.getByRole('button', { name: words('file.images'), exact: true }).click();
  await files.getByRole('button', { name: words('file.open', { name: 'old.png' }) }).click();
  await app.shows(app.viewer);
});

test('a picture of oneself is chosen, cut and seen by others, and can be taken away', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  await ada.send(await ada.direct(ben), 'hello from Ada');
  const app = await play.app(ada, {}, '/settings/profile');
  await app.page.locator('input[type=file]').setInputFiles([png('me.png')]);
  const dialog = app.dialog(words('file.crop'));
  await app.shows(dialog.getByRole('img'));
  expect(await flaws(app.page)).toEqual([]);
  await dialog.getByRole('img').focus();
  await app.page.keyboard.press('ArrowRight');
  await dialog.getByRole('button', { name: words('file.usePicture') }).click();
  await app.hides(dialog);
  await app.shows(app.button('file.changePicture'));

  const other = await play.app(ben);
  await other.open(ada.name);
  const face = other.timeline.getByRole('article').locator('img[src*="/thumbnail"]');
  await expect
    .poll(() => face.first().evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0))
    .toBe(true);
  await app.button('file.removePicture').click();
  await app.shows(app.button('file.choosePicture'));
  await other.hides(face);
});
