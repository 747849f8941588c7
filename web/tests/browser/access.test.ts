// Every page and dialog through axe, in light and dark, and from right to left: nothing that shuts anybody out.

import { expect, test } from 'vitest';
import type { Message } from '@/protocol.gen';
import { words, type App } from '../harness/app';
import { flaws } from '../harness/axe';
import type { Place } from '../harness/browser';
import { picture } from '../harness/picture';
import type { Person } from '../harness/person';
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
  await withMore(ada, ben, group);
  await ada.send(group, 'an answer');
  await ben.call('DELETE', `/messages/${(await ben.send(group, 'gone')).id}`);
  await ben.call('PUT', `/messages/${message.id}/pin`);
  await ben.send(await ben.direct(ada), 'hello');
  await ada.channel('announcements');
  await ben.call('PUT', `/contacts/${ada.id}`);
  return { ada, ben, group, message };
}

/** What is around messages: files, a poll, and what one keeps for later. */
async function withMore(ada: Person, ben: Person, group: { id: string }): Promise<void> {
  const files = await Promise.all([
    ben.upload('harbour.png', picture(640, 480)),
    ben.upload('notes.txt', Buffer.from('some notes')),
  ]);
  const post = { client_id: 'files', body: 'the harbour', files };
  const sent = await ben.call<Message>('POST', `/conversations/${group.id}/messages`, post);
  const ask = { client_id: 'poll', question: 'Where to?', options: ['The park', 'The lake'], multiple: false };
  const poll = await ben.call<Message>('POST', `/conversations/${group.id}/polls`, { ...ask, anonymous: false });
  await ada.call('PUT', `/messages/${poll.id}/vote`, { options: [1] });
  await ada.call('PUT', `/me/saved/${sent.id}`);
  const at = new Date(Date.now() + 86_400_000).toISOString();
  await ada.call('POST', '/me/reminders', { text: 'water the plants', remind_at: at });
  await ada.call('POST', '/me/reminders', { message_id: sent.id, remind_at: at });
  await ada.call('POST', '/me/scheduled', { conversation_id: group.id, body: 'good morning', send_at: at });
  await ada.call('PUT', `/conversations/${(await ada.direct(ben)).id}/draft`, { body: 'half a thought' });
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
  const file_id = await play.owner.upload('bravo.png', picture(64, 64), 'emoji');
  await play.owner.call('PUT', '/emoji/bravo', { file_id });
  const hook = { url: 'https://example.org/hook', events: ['message.sent'] };
  await play.owner.call('POST', '/webhooks', hook);
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
    await app.composer.box.fill('');
    await over('a new poll', async () => {
      await app.composer.box.fill('/poll Where to?');
      await keys.press('Control+Enter');
    });
    await over('who voted', () =>
      app.timeline.getByRole('button', { name: words('poll.who', { option: 'The lake' }) }).click(),
    );
    await over('a picture', () => app.picture('harbour.png').click());
    await app.composer.box.fill('/');
    await app.shows(app.page.getByRole('listbox'));
    await look(app, 'commands', found);
    await app.composer.box.fill('');
    await over('a question', () => app.act('an answer', 'message.delete'));
    for (const tab of ['about', 'members', 'pins', 'files', 'invitations', 'webhooks', 'settings'] as const) {
      await app.showDetails(tab);
      await look(app, `details: ${tab}`, found);
    }
    await app.page.goto('/later/scheduled');
    await over('what is scheduled', () => app.button('scheduled.edit').click());
    await app.page.goto('/later/reminders');
    await over('putting off', () => app.button('reminder.putOff').first().click());
    await app.page.goto('/settings/account');
    await over('the end of an account', () => app.button('data.deleteAction').click());
    expect(found).toEqual([]);
  });
}
