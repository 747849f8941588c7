// Messages that are sent later, and reminders.

import { expect, test } from 'vitest';
import { words } from '../harness/app';
import { stage } from '../harness/stage';

const play = stage();

test('a message is scheduled, changed, and sent at once', async () => {
  const ada = await play.person('Ada');
  const group = await ada.group('Tomorrow');
  const app = await play.app(ada, {}, `/c/${group.id}`);
  await app.composer.box.fill('good morning');
  await app.button('composer.sendLater').click();
  await app.page
    .getByRole('menuitem')
    .filter({ hasText: words('later.tomorrow', { time: '' }).trim() })
    .click();
  await expect.poll(() => app.composer.box.inputValue()).toBe('');
  expect(await ada.texts(group)).toEqual([]);

  await app.page.goto('/later/scheduled');
  await app.shows(app.says('good morning'));
  await app.button('scheduled.edit').click();
  await app.dialog().getByLabel(words('scheduled.message')).fill('good afternoon');
  await app
    .dialog()
    .getByRole('button', { name: words('common.save') })
    .click();
  await app.shows(app.says('good afternoon'));
  await app.button('scheduled.sendNow').click();
  await expect.poll(() => ada.texts(group)).toEqual(['good afternoon']);
  await app.shows(app.says(words('scheduled.nothing')));
});

test('a reminder about a message is in the list, and is done with', async () => {
  const ada = await play.person('Ada');
  const group = await ada.group('Chores');
  await ada.send(group, 'water the plants');
  const app = await play.app(ada, {}, `/c/${group.id}`);
  await app.act('water the plants', 'message.remind');
  await app
    .dialog()
    .getByRole('button', { name: words('later.in20') })
    .click();
  await app.hides(app.dialog());
  await app.page.goto('/later/reminders');
  await app.shows(app.main.getByRole('link').filter({ hasText: 'water the plants' }));
  await app.button('reminder.complete').click();
  await app.shows(app.says(words('reminder.nothing')));
});
