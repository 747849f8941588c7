// Every page and dialog through axe, in light and dark, and from right to left: nothing that shuts anybody out.

import { expect, test } from 'vitest';
import type { App } from '../harness/app';
import { flaws } from '../harness/axe';
import type { Place } from '../harness/browser';
import { stage } from '../harness/stage';

const play = stage();

/** Something of everything that there is to see. */
async function somewhere() {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Everything', ben);
  const message = await ben.send(group, '**bold**, `code`, [a link](https://example.org) and > a quote\n\n> quoted');
  await ben.send(group, '```js\nconst answer = 42;\n```');
  await ben.send(group, `@${ada.username} look\n\n- [x] done\n- [ ] open\n\n| a | b |\n|---|---|\n| 1 | 2 |`);
  await ada.react(message, '👍');
  await ben.react(message, '🎉');
  await ben.reply(message, 'a reply');
  await ada.send(group, 'an answer');
  await ben.call('DELETE', `/messages/${(await ben.send(group, 'gone')).id}`);
  await ben.call('PUT', `/messages/${message.id}/pin`);
  await ben.send(await ben.direct(ada), 'hello');
  await ada.channel('announcements');
  await ben.call('PUT', `/contacts/${ada.id}`);
  return { ada, ben, group, message };
}

/** Looks at the page, and says where it was when something is wrong. */
async function look(app: App, where: string, found: string[]): Promise<void> {
  await app.settled();
  // Arabic says "one" and "two" within the word, so a label need not repeat the number that is on the screen.
  const arabic = (await app.page.locator('html').getAttribute('lang')) === 'ar';
  const except = arabic ? ['label-content-name-mismatch'] : [];
  found.push(...(await flaws(app.page, except)).map((flaw) => `${where}: ${flaw}`));
}

const places: readonly (readonly [string, Place])[] = [
  ['in the light', { theme: 'light' }],
  ['in the dark', { theme: 'dark' }],
  ['in Arabic', { locale: 'ar' }],
];

for (const [name, place] of places) {
  test(`pages have no serious flaw ${name}`, async () => {
    const { ada, group, message } = await somewhere();
    const found: string[] = [];
    const outside = await play.tab(await play.device(place));
    for (const path of ['/sign-in', '/sign-up', '/join/AAAAAAAAAAAAAAAAAAAAAA']) {
      await outside.page.goto(path);
      await look(outside, path, found);
    }
    const app = await play.app(ada, place);
    const settings = [
      'profile',
      'appearance',
      'notifications',
      'privacy',
      'account',
      'sessions',
      'tokens',
      'emoji',
      'about',
    ];
    const paths = [
      '/',
      `/c/${group.id}`,
      `/c/${group.id}/t/${message.id}`,
      '/contacts',
      '/search',
      '/search?q=link',
      '/activity',
      '/later/saved',
      '/later/reminders',
      '/later/scheduled',
      '/nowhere',
      ...settings.map((page) => `/settings/${page}`),
    ];
    for (const path of paths) {
      await app.page.goto(path);
      await look(app, path, found);
    }
    expect(found).toEqual([]);
  });
}

test('the owner’s pages have no serious flaw', async () => {
  if (!play.owner) throw new Error('the server has no owner');
  await play.person('Somebody');
  const found: string[] = [];
  const app = await play.app(play.owner);
  for (const path of ['/admin/server', '/admin/users', '/admin/invitations', '/admin/emoji', '/admin/webhooks']) {
    await app.page.goto(path);
    await look(app, path, found);
  }
  expect(found).toEqual([]);
});

for (const [name, place] of places.slice(0, 2)) {
  test(`dialogs, menus and panes have no serious flaw ${name}`, async () => {
    const { ada, ben, group } = await somewhere();
    const found: string[] = [];
    const app = await play.app(ada, place, `/c/${group.id}`);
    const keys = app.page.keyboard;
    await app.shows(app.message('an answer'));
    const over = async (what: string, open: () => Promise<void>) => {
      await open();
      await app.shows(app.dialog().or(app.page.getByRole('menu')));
      await look(app, what, found);
      await keys.press('Escape');
      await app.hides(app.dialog().or(app.page.getByRole('menu')));
    };
    await over('the switcher', () => keys.press('Control+k'));
    await over('the shortcuts', () => keys.press('Control+/'));
    await over('a new message', () => app.begin('conversations.newMessage'));
    await over('a new group', () => app.begin('conversations.newGroup'));
    await over('a new channel', () => app.begin('conversations.newChannel'));
    await over('the channels', () => app.begin('conversations.browse'));
    await over('one’s own menu', () => app.self.click());
    await over('a row’s menu', () => app.rowMenu('Everything'));
    await over('a profile', () => app.profileOf(ben.name));
    await over('a date', () => app.jumpToDate());
    await over('the emoji', () => app.button('composer.emoji').click());
    await over('forwarding', () => app.act('an answer', 'message.forward'));
    await over('a reminder', () => app.act('an answer', 'message.remind'));
    await app.composer.box.fill('later');
    await over('a time to send', () => app.button('composer.sendLater').click());
    await over('what can be inserted', () => app.button('composer.insert').click());
    await over('a question', () => app.act('an answer', 'message.delete'));
    for (const tab of ['about', 'members', 'pins', 'invitations', 'settings'] as const) {
      await app.showDetails(tab);
      await look(app, `details: ${tab}`, found);
    }
    expect(found).toEqual([]);
  });
}
