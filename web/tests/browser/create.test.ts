// Beginning something: a direct conversation, a group, a channel, and finding what others began.

import { expect, test } from 'vitest';
import { words } from '../harness/app';
import { stage } from '../harness/stage';

const play = stage();

test('a message to one person begins a direct conversation', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const app = await play.app(ada);
  await app.newMessageTo(ben.name);
  await app.composer.send('Hello');
  const other = await play.app(ben);
  await other.open(ada.name);
  await other.shows(other.message('Hello'));
});

test('a group is made with several people', async () => {
  const [ada, ben, cleo] = [await play.person('Ada'), await play.person('Ben'), await play.person('Cleo')];
  const [app, other] = [await play.app(ada), await play.app(cleo)];
  await app.begin('conversations.newGroup');
  const dialog = app.dialog();
  await dialog.getByLabel(words('conversations.name'), { exact: true }).fill('Three of us');
  for (const person of [ben, cleo]) {
    await dialog.getByRole('combobox').fill(person.name);
    await dialog.getByRole('option').filter({ hasText: person.name }).click();
  }
  await dialog.getByRole('button', { name: words('conversations.create'), exact: true }).click();
  await app.shows(app.title('Three of us'));
  await app.composer.send('Welcome');
  await other.open('Three of us');
  await other.shows(other.message('Welcome'));
});

test('a channel is made, found and joined', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const [app, other] = [await play.app(ada), await play.app(ben)];
  await app.begin('conversations.newChannel');
  const dialog = app.dialog();
  await dialog.getByLabel(words('conversations.name'), { exact: true }).fill('beekeeping');
  await dialog.getByLabel(words('conversations.topic')).fill('Bees, hives and honey');
  await dialog.getByRole('button', { name: words('conversations.create'), exact: true }).click();
  await app.shows(app.title('beekeeping'));
  await app.composer.send('The bees are awake');

  await other.button('conversations.new').click();
  await other.choose('conversations.browse');
  await other.dialog().getByLabel(words('conversations.searchChannels')).fill('beek');
  await other.shows(other.dialog().getByText('Bees, hives and honey'));
  await other
    .dialog()
    .getByRole('button', { name: words('conversations.joinName', { name: 'beekeeping' }) })
    .click();
  await other.shows(other.title('beekeeping'));
  await other.composer.send('Good to hear');
  await app.shows(app.message('Good to hear'));
  expect(await other.row('beekeeping').count()).toBe(1);
});
