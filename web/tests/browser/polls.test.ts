// Polls: asked in a composer, answered in the message, closed by who asked.

import { expect, test } from 'vitest';
import { words } from '../harness/app';
import { stage } from '../harness/stage';

const play = stage();

test('a poll is asked, voted on by two, and closed', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Lunch', ben);
  const [app, other] = [await play.app(ada, {}, `/c/${group.id}`), await play.app(ben, {}, `/c/${group.id}`)];
  await app.composer.box.fill('/poll Where to?');
  await app.page.keyboard.press('Control+Enter');
  const dialog = app.dialog(words('poll.new'));
  await expect.poll(() => dialog.getByLabel(words('poll.question')).inputValue()).toBe('Where to?');
  await dialog.getByLabel(words('poll.option', { number: 1 })).fill('Pizza');
  await dialog.getByLabel(words('poll.option', { number: 2 })).fill('Soup');
  await dialog.getByRole('button', { name: words('poll.create') }).click();
  const option = (page: typeof app, text: string) =>
    page.timeline.getByRole('button', { name: new RegExp(`^${text}\\b`) });
  await app.shows(option(app, 'Pizza'));
  await option(app, 'Pizza').click();
  await expect.poll(() => option(app, 'Pizza').getAttribute('aria-pressed')).toBe('true');
  await option(other, 'Soup').click();
  await app.shows(app.timeline.getByText(words('poll.voters', { count: 2 })));
  await expect.poll(() => option(app, 'Pizza').getAttribute('aria-pressed')).toBe('true');
  await other.timeline.getByRole('button', { name: words('poll.who', { option: 'Pizza' }) }).click();
  await other.shows(other.dialog().getByText(ada.name));
  await other.page.keyboard.press('Escape');
  await app.button('poll.close').first().click();
  await app
    .dialog()
    .getByRole('button', { name: words('poll.close') })
    .click();
  await other.shows(other.timeline.getByText(words('poll.closed')));
});
