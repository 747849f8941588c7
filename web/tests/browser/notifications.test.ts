// What one wants to be told of is set once and holds everywhere, and what one was told of can be read again.

import { expect, test } from 'vitest';
import type { NotificationSettings } from '@/protocol.gen';
import { words } from '../harness/app';
import { stage } from '../harness/stage';

const play = stage();

test('levels, keywords and quiet hours are kept by the server', async () => {
  const ada = await play.person('Ada');
  const app = await play.app(ada, {}, '/settings/notifications');
  const kept = () => ada.call<NotificationSettings>('GET', '/me/notifications');
  await app.page
    .getByRole('radiogroup', { name: words('notify.channels') })
    .getByRole('radio', { name: words('notify.all') })
    .click();
  await expect.poll(async () => (await kept()).level).toBe('all');
  await app.field('notify.keyword').fill('deploy');
  await app.button('notify.add').click();
  await app.shows(app.button('notify.removeWord', { word: 'deploy' }));
  await expect.poll(async () => (await kept()).keywords).toEqual(['deploy']);
  await app.page.getByRole('switch', { name: words('notify.quietOn') }).click();
  await expect.poll(async () => (await kept()).quiet).toMatchObject({ from: '22:00', to: '07:00' });
  await app.page.getByRole('switch', { name: words('notify.hideContent') }).click();
  await expect.poll(async () => (await kept()).hide_content).toBe(true);
  await app.button('notify.removeWord', { word: 'deploy' }).click();
  await expect.poll(async () => (await kept()).keywords).toEqual([]);
});

test('a conversation has a level of its own', async () => {
  const ada = await play.person('Ada');
  const group = await ada.group('Loud place');
  const app = await play.app(ada, {}, `/c/${group.id}`);
  await app.showDetails('about');
  await app.details.getByRole('combobox', { name: words('notify.here') }).selectOption('none');
  await expect
    .poll(
      async () => (await ada.call<{ membership: { notify: string } }>('GET', `/conversations/${group.id}`)).membership,
    )
    .toMatchObject({ notify: 'none' });
});

test('what one was told of is listed and leads to its place', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Calls', ben);
  await ben.send(group, `@${ada.username} look at this`);
  const app = await play.app(ada, {}, '/activity');
  const item = app.main.getByRole('link').filter({ hasText: 'look at this' });
  await expect
    .poll(async () => {
      // The server tells by following the log: a moment may pass.
      await app.page.reload();
      await app.settled();
      return item.count();
    })
    .toBe(1);
  await item.click();
  await app.shows(app.message('look at this'));
});
