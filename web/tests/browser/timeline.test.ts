// The timeline: where it opens, how it is divided, and the ways through it.

import { expect, test } from 'vitest';
import { words } from '../harness/app';
import { zoneWithMidnightAt } from '../harness/midnight';
import { stage } from '../harness/stage';

const play = stage();

/** Lists scroll by whole pixels, rows end between them. */
const PIXELS = 3;

function numbered(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}.`);
}

test('it opens at the first unread message, under a line', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Unread', ben);
  await ben.post(group, numbered(1, 60));
  await ada.read(group);
  await ben.post(group, numbered(61, 120));
  const app = await play.app(ada);
  await app.shows(app.unread('Unread', 60));
  await app.open('Unread');
  const line = app.timeline.getByRole('separator', { name: words('timeline.newMessages') });
  await app.shows(app.message('line 61.'));
  await expect.poll(() => app.isOnScreen(line)).toBe(true);
  expect(await app.isOnScreen(app.message('line 61.'))).toBe(true);

  // To the newest, and what was read is read.
  await app.page.getByRole('button', { name: /new/i }).last().click();
  await app.shows(app.message('line 120.'));
  await app.hides(app.row('Unread').getByRole('img', { name: /unread/ }));
  await app.open('Unread');
});

test('messages of one person close together are grouped, days are divided', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Days', ben);
  // Two messages on either side of a second, which is made midnight by the choice of the time zone.
  const first = await ben.send(group, 'late in the evening');
  const midnight = Math.floor(Date.parse(first.created_at) / 1000) + 1;
  await expect.poll(() => Date.now() / 1000).toBeGreaterThan(midnight);
  await ben.send(group, 'early in the morning');
  await ben.send(group, 'and right after');
  await ada.send(group, 'somebody else');
  const app = await play.app(ada, { timeZone: zoneWithMidnightAt(midnight) });
  await app.open('Days');
  await app.shows(app.message('somebody else'));
  const days = app.timeline.getByRole('button', { name: /^(?:Yesterday|Today)$/ });
  expect(await days.allInnerTexts()).toEqual(['Yesterday', 'Today']);
  const named = (text: string) => app.message(text).getByRole('button', { name: ben.name, exact: true }).count();
  await expect.poll(() => named('early in the morning')).toBe(1);
  expect(await named('and right after')).toBe(0);
  expect(await app.message('somebody else').getByText(words('common.you'), { exact: true }).count()).toBe(1);
});

test('a link to a message leads there, and back', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Links', ben);
  const [target] = [await ben.send(group, 'the target')];
  await ben.post(group, numbered(1, 300));
  await ada.read(group);
  const app = await play.app(ada);
  await app.open('Links');
  await app.shows(app.message('line 300.'));
  await ben.send(group, `look at ${play.server.url}/c/${group.id}?at=${target.seq}`);
  await app.message('look at').getByRole('link').click();
  await expect.poll(() => app.isOnScreen(app.message('the target'))).toBe(true);
  await app.button('timeline.back').click();
  await expect.poll(() => app.isOnScreen(app.message('look at'))).toBe(true);
});

test('what arrives while one reads the history does not move it', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Calm', ben);
  await ben.post(group, numbered(1, 200));
  await ada.read(group);
  const app = await play.app(ada);
  await app.open('Calm');
  await app.shows(app.message('line 200.'));
  await app.scrollTo('line 150.');
  await app.settled();
  const place = await app.top('line 150.');
  await ben.post(group, numbered(201, 210));
  await app.shows(app.unread('Calm', 10));
  expect(Math.abs((await app.top('line 150.')) - place)).toBeLessThan(PIXELS);
  await app.page.getByRole('button', { name: words('timeline.newCount', { count: 10 }) }).click();
  await expect.poll(() => app.isOnScreen(app.message('line 210.'))).toBe(true);
  // What one sends oneself is shown, wherever one was.
  await app.scrollTo('line 150.');
  await app.composer.send('my own');
  await expect.poll(() => app.isOnScreen(app.message('my own'))).toBe(true);
  await app.delivered('my own');
  // At the end, what comes is followed.
  await ben.send(group, 'one more');
  await expect.poll(() => app.isOnScreen(app.message('one more'))).toBe(true);
});

test('what comes at both ends at once does not move it either', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Both', ben);
  await ben.post(group, numbered(1, 200));
  await ada.read(group);
  const device = await play.device();
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await device.route(/messages\?.*before=/, async (route) => {
    await released;
    await route.continue();
  });
  const app = await play.appOn(device, ada);
  await app.open('Both');
  await app.shows(app.message('line 200.'));
  await app.scrollTo('line 170.');
  const place = await app.top('line 170.');
  const answered = app.page.waitForResponse(/messages\?.*before=/);
  release();
  await answered;
  await ben.post(group, numbered(201, 203));
  await app.shows(app.unread('Both', 3));
  await app.page.getByRole('button', { name: words('timeline.newCount', { count: 3 }) }).waitFor();
  await app.settled();
  expect(Math.abs((await app.top('line 170.')) - place)).toBeLessThan(PIXELS);
});

test('comings, goings and changes stand as lines of their own', async () => {
  const [ada, ben, cleo] = [await play.person('Ada'), await play.person('Ben'), await play.person('Cleo')];
  const group = await ada.group('Comings', ben);
  const app = await play.app(ada);
  await app.open('Comings');
  await ada.call('POST', `/conversations/${group.id}/members`, { user_id: cleo.id });
  await app.shows(app.timeline.getByText(cleo.name));
  await ada.call('PUT', `/conversations/${group.id}`, { name: 'Goings' });
  await app.shows(app.title('Goings'));
  await app.shows(app.timeline.getByText('Goings'));
  await cleo.call('POST', `/conversations/${group.id}/leave`);
  await expect.poll(() => app.timeline.getByText(cleo.name).count()).toBe(2);
});

test('somebody who types is named while they do', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  await ada.group('Typing', ben);
  const [app, other] = [await play.app(ada), await play.app(ben)];
  await app.open('Typing');
  await other.open('Typing');
  await other.composer.type('I think');
  const line = app.main.getByText(words('timeline.typing', { name: ben.name }));
  await app.shows(line);
  await other.composer.fill('');
  await app.hides(line);
});
