// What a page says of itself, under the message that links to it.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { words } from '../harness/app';
import { stage } from '../harness/stage';

const play = stage({ args: ['--outbound-allow', '127.0.0.1'] });
const html = '<title>The tide tables</title><meta name="description" content="High water at noon.">';
let pages: Server;
let link = '';

beforeAll(async () => {
  pages = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(html));
  await new Promise<void>((done) => pages.listen(0, '127.0.0.1', done));
  link = `http://127.0.0.1:${(pages.address() as AddressInfo).port}/tides`;
});

afterAll(() => pages.close());

test('a preview shows up by itself, and its author takes it away for everybody', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const direct = await ada.direct(ben);
  const [adas, bens] = [await play.app(ada, {}, `/c/${direct.id}`), await play.app(ben, {}, `/c/${direct.id}`)];
  await ada.send(direct, `Mind ${link} please`);
  const preview = (app: typeof adas) => app.main.getByRole('group', { name: words('preview.previews') });
  for (const app of [adas, bens]) {
    await app.shows(preview(app).getByRole('link', { name: 'The tide tables' }));
    await app.shows(preview(app).getByText('High water at noon.'));
  }
  expect(await preview(bens).getByRole('link').getAttribute('href')).toBe(link);
  const remove = { name: words('preview.remove'), exact: true };
  expect(await bens.main.getByRole('button', remove).count()).toBe(0);
  await adas.main.getByRole('button', remove).click();
  for (const app of [adas, bens]) {
    await app.hides(preview(app));
    await app.shows(app.message(`Mind ${link} please`));
  }
});
