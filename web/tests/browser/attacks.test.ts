// Known attacks, sent by one person through the real server to another: no script runs, nothing is asked of anybody
// else, and nothing stands in the page that could do either.

import { expect, test } from 'vitest';
import { attacks } from '@/ui/markdown/attacks';
import type { App } from '../harness/app';
import { stage } from '../harness/stage';

/** What the server takes at all: it refuses text that is not Unicode, and NUL. */
const taken = attacks.filter((attack) => !/[\p{Cs}\0]/u.test(attack));

const play = stage();

/** Notices what an attack would do. */
async function listen(app: App): Promise<{ done: string[] }> {
  const done: string[] = [];
  const { page } = app;
  page.on('dialog', (dialog) => {
    done.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== play.server.url && url.protocol !== 'data:' && url.protocol !== 'blob:')
      done.push(`asked for ${url.href}`);
  });
  page.on('popup', (popup) => done.push(`opened ${popup.url()}`));
  page.on('framenavigated', (frame) => {
    if (new URL(frame.url()).origin !== play.server.url) done.push(`went to ${frame.url()}`);
  });
  return { done };
}

/** What must not be among what a message is shown with. */
function planted(app: App): Promise<string[]> {
  return app.page.evaluate(() => {
    const found: string[] = [];
    const never =
      'script, iframe, frame, object, embed, form, base, meta, link, style, video, audio, template, math, noscript, input:not([type=checkbox])';
    for (const article of document.querySelectorAll('article')) {
      for (const element of article.querySelectorAll(never)) found.push(element.outerHTML);
      for (const element of article.querySelectorAll('*')) {
        for (const { name, value } of element.attributes) {
          if (/^on/i.test(name) || name === 'srcdoc') found.push(`${element.tagName} ${name}`);
          if (/^(?:href|src|action|formaction|xlink:href|data|poster|background)$/i.test(name)) {
            const { protocol, origin } = new URL(value, location.href);
            const link = element instanceof HTMLAnchorElement && name === 'href';
            if (link ? !/^(?:https?|mailto|tel):$/.test(protocol) : origin !== location.origin)
              found.push(`${name} ${value}`);
            if (link && origin !== location.origin && !element.relList.contains('noopener'))
              found.push(`no rel: ${value}`);
          }
        }
      }
    }
    return found;
  });
}

test('attacks in messages do nothing', async () => {
  const [ada, mal] = [await play.person('Ada'), await play.person('Mal')];
  const group = await mal.group('Attacks', ada);
  const app = await play.app(ada);
  const { done } = await listen(app);
  await app.open('Attacks');
  // In portions, so that each of them is on the screen once.
  for (let from = 0; from < taken.length; from += 8) {
    const bodies = taken.slice(from, from + 8);
    await mal.post(group, bodies);
    await mal.send(group, `That was ${from}.`);
    await app.shows(app.message(`That was ${from}.`));
    expect(await planted(app)).toEqual([]);
  }
  expect(done).toEqual([]);
});

test('attacks in names, topics and what people say of themselves do nothing', async () => {
  const [ada, mal] = [await play.person('Ada'), await play.person('Mal')];
  const script = '<img src=//evil.example/x onerror=alert(1)>';
  await mal.call('PUT', `/users/${mal.id}/profile`, {
    display_name: script,
    about: `${script} [x](javascript:alert(1))`,
    status: { text: script },
  });
  const group = await mal.group(`Team ${script}`, ada);
  await mal.call('PUT', `/conversations/${group.id}`, { topic: `${script} [x](javascript:alert(1))` });
  const app = await play.app(ada);
  const { done } = await listen(app);
  await app.open(`Team ${script}`);
  await mal.send(group, `@${ada.username} look`);
  await app.shows(app.message('look'));
  await app.profileOf(script);
  await app.shows(app.dialog());
  expect(await app.page.locator('[onerror], img[src*="evil"], a[href^="javascript"]').count()).toBe(0);
  expect(done).toEqual([]);
});

test('an attack does nothing where it is written either', async () => {
  const ada = await play.person('Ada');
  await ada.group('Notes of an attacker');
  const app = await play.app(ada);
  const { done } = await listen(app);
  await app.open('Notes of an attacker');
  const text = '<img src=//evil.example/x onerror=alert(1)> **[x](javascript:alert(1))**';
  await app.composer.fill(text);
  await app.composer.send(text);
  await app.delivered('<img');
  expect(await planted(app)).toEqual([]);
  expect(done).toEqual([]);
});
