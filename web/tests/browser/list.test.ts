// The list of conversations: its sections, what waits in each conversation, and how one puts it in order.

import { expect, test } from 'vitest';
import type { ConversationView } from '@/protocol.gen';
import { words } from '../harness/app';
import { stage } from '../harness/stage';

const play = stage();

test('conversations stand in sections, and can be moved among the favourites and back', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  await ada.direct(ben);
  const hiking = await ada.group('Hiking', ben);
  await ada.channel('News');
  const old = await ada.channel('Old times');
  await ada.call('PUT', `/conversations/${old.id}`, { archived: true });
  const app = await play.app(ada);
  await app.shows(app.row('News'));
  const sections = () => app.list.getByRole('button', { expanded: true }).allInnerTexts();
  expect(await sections()).toEqual(
    ['direct', 'groups', 'channels'].map((name) => words(`conversations.${name as 'direct'}`)),
  );

  // What is archived is out of the way until somebody looks for it.
  expect(await app.row('Old times').count()).toBe(0);
  await app.button('conversations.archived').click();
  await app.shows(app.row('Old times'));

  await app.rowMenu('Hiking');
  await app.choose('conversations.favour');
  await app.shows(app.button('conversations.favourites'));
  await app.hides(app.button('conversations.groups'));
  // It is shown at once; only what has reached the server outlives the page.
  const favourite = async () =>
    (await ada.call<ConversationView>('GET', `/conversations/${hiking.id}`)).membership?.favourite;
  await expect.poll(favourite).toBe(true);
  await app.page.reload();
  await app.shows(app.button('conversations.favourites'));
  await app.rowMenu('Hiking');
  await app.choose('conversations.unfavour');
  await app.hides(app.button('conversations.favourites'));

  // By dragging as well.
  await app.rowMenu('Hiking');
  await app.choose('conversations.favour');
  await app.shows(app.button('conversations.favourites'));
  await app.row('News').hover();
  await app.page.mouse.down();
  await app.row('Hiking').hover();
  // What is dragged makes room for itself, and may push away what it was to be dropped on.
  await app.shows(app.says(words('conversations.dropHere')));
  await app.row('Hiking').hover();
  await app.page.mouse.up();
  await app.hides(app.button('conversations.channels'));
});

test('the first favourite is made by dragging, and the last one taken away', async () => {
  const ada = await play.person('Ada');
  await ada.channel('News');
  await ada.channel('Weather');
  const app = await play.app(ada);
  const place = app.says(words('conversations.dropHere'));
  const favourites = app.button('conversations.favourites');
  const takeUp = async (name: string) => {
    await app.row(name).hover();
    await app.page.mouse.down();
    await app.row('Weather').hover();
    // Where there is no favourite yet there is a place for one as long as something is dragged.
    await app.shows(place);
  };

  await takeUp('News');
  await place.hover();
  await app.page.mouse.up();
  await app.hides(place);
  await app.shows(favourites);

  await takeUp('News');
  await app.row('Weather').hover();
  await app.page.mouse.up();
  await app.hides(favourites);

  // Dropped nowhere, nothing becomes of it.
  await takeUp('News');
  await app.page.getByRole('main').hover();
  await app.page.mouse.up();
  await app.hides(favourites);
  await app.shows(app.row('News'));
});

test('badges count what is unread and what mentions oneself, and go when it is read', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Busy', ben);
  const direct = await ben.direct(ada);
  const app = await play.app(ada);
  await app.shows(app.row('Busy'));
  await ben.send(group, 'one');
  await ben.send(group, 'two');
  await app.shows(app.unread('Busy', 2));
  await app.shows(app.row('Busy').getByText('two'));
  await ben.send(group, `and @${ada.username}, three`);
  await app.shows(app.badge('Busy', 'conversations.mentions', 1));
  await ben.send(direct, 'to you alone');
  await app.shows(app.unread(ben.name, 1).or(app.badge(ben.name, 'conversations.mentions', 1)));

  // The newest first.
  await app.open('Busy');
  await app.shows(app.message('three'));
  await app.hides(app.row('Busy').getByRole('img', { name: /unread|mention/ }));
  await app.rowMenu(ben.name);
  await app.choose('conversations.markRead');
  await app.hides(app.unread(ben.name, 1));
});

test('a muted conversation says so and stays quiet, except for mentions', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Loud', ben);
  const app = await play.app(ada);
  await app.rowMenu('Loud');
  await app.choose('conversations.muteAlways');
  await app.shows(app.row('Loud').getByLabel(words('conversations.muted')));
  await ben.send(group, `@${ada.username} urgent`);
  await app.shows(app.badge('Loud', 'conversations.mentions', 1));
  await app.rowMenu('Loud');
  await app.choose('conversations.unmute');
  await app.hides(app.row('Loud').getByLabel(words('conversations.muted')));
});

test('drafts, typing and presence show in the list', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  await ada.direct(ben);
  await ada.group('Other', ben);
  const app = await play.app(ada);
  await app.shows(app.row(ben.name).getByRole('img', { name: words('common.offline') }));
  const other = await play.app(ben);
  await app.shows(app.row(ben.name).getByRole('img', { name: words('common.online') }));

  await app.open(ben.name);
  await app.composer.type('half a thought');
  await app.open('Other');
  await app.shows(app.row(ben.name).getByText(words('conversations.draft')));
  // A draft stands in the place of the last message until it is sent or dropped.
  await app.open(ben.name);
  await app.composer.fill('');
  await app.open('Other');

  await other.open(ada.name);
  await other.composer.type('hm');
  await app.shows(app.row(ben.name).getByText(words('conversations.typing')));
  await other.composer.send('done');
  await app.shows(app.row(ben.name).getByText('done'));
  await other.page.context().close();
  await app.shows(app.row(ben.name).getByRole('img', { name: words('common.offline') }));
});

test('the filter finds conversations by a part of their name', async () => {
  const ada = await play.person('Ada');
  for (const name of ['Gardening', 'Garage', 'Books']) await ada.group(name);
  const app = await play.app(ada);
  await app.shows(app.row('Books'));
  const filter = app.list.getByRole('searchbox');
  await filter.fill('gar');
  await app.hides(app.row('Books'));
  await app.shows(app.row('Gardening'));
  await app.shows(app.row('Garage'));
  await filter.fill('nothing like it');
  await app.shows(app.says(words('conversations.filterNothing')));
  await filter.press('Escape');
  await app.shows(app.row('Books'));
  // From the filter into the list by keyboard.
  await filter.press('ArrowDown');
  await app.page.keyboard.press('ArrowDown');
  await app.page.keyboard.press('Enter');
  await app.shows(app.main.getByRole('heading', { level: 1 }));
});

test('a conversation that one is added to appears, and one that one leaves goes', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const app = await play.app(ada);
  await app.shows(app.says(words('conversations.emptyTitle')));
  await ben.group('Surprise', ada);
  await app.shows(app.row('Surprise'));
  await app.rowMenu('Surprise');
  await app.choose('conversations.leave');
  await app
    .dialog()
    .getByRole('button', { name: words('conversations.leave'), exact: true })
    .click();
  await app.hides(app.row('Surprise'));
});
