// The same client on a phone, on a television, from right to left, and at twice the size.

import { expect, test } from 'vitest';
import { words, type App } from '../harness/app';
import { focus, sticksOut } from '../harness/looks';
import type { Person } from '../harness/person';
import { stage } from '../harness/stage';

const play = stage();

/** Somebody with something to see. */
async function somebody(): Promise<{ ada: Person; group: { id: string }; parent: { id: string } }> {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Expedition', ben);
  await ben.send(
    group,
    'A rather long line about what we could do at the weekend, if the weather allows us to do it at all.',
  );
  await ben.send(
    group,
    '```\nconst veryLongLine = "that does not fit into any phone, however wide its screen may be, because it goes on";\n```',
  );
  await ben.send(group, `https://example.org/${'averylongaddress/'.repeat(12)}`);
  await ben.send(group, '| a | b | c |\n|---|---|---|\n| one | two | three and a half |');
  const parent = await ada.send(group, 'unbreakable'.repeat(20));
  await ben.react(parent, '👍');
  await ben.reply(parent, 'a reply');
  await ada.channel('announcements');
  await ben.direct(ada);
  return { ada, group, parent };
}

function pages(group: { id: string }, parent: { id: string }): string[] {
  const settings = ['profile', 'appearance', 'notifications', 'privacy', 'account', 'sessions', 'tokens'];
  return [
    '/',
    `/c/${group.id}`,
    `/c/${group.id}/t/${parent.id}`,
    '/contacts',
    ...settings.map((page) => `/settings/${page}`),
    '/nowhere',
  ];
}

async function nothingSticksOut(app: App, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await app.page.goto(path);
    await app.settled();
    expect(await sticksOut(app.page), path).toEqual([]);
  }
}

for (const [name, place] of [
  ['on a phone', { screen: 'phone' }],
  ['on a phone from right to left', { screen: 'phone', locale: 'ar' }],
  ['from right to left', { locale: 'ar' }],
  ['on a television', { screen: 'tv' }],
] as const) {
  test(`nothing sticks out ${name}`, async () => {
    const { ada, group, parent } = await somebody();
    await nothingSticksOut(await play.app(ada, place), pages(group, parent));
  });
}

test('nothing sticks out at twice the size', async () => {
  const { ada, group, parent } = await somebody();
  const app = await play.app(ada);
  // What 200 % of zoom makes of a small laptop.
  await app.page.setViewportSize({ width: 640, height: 400 });
  await nothingSticksOut(app, pages(group, parent));
  await app.page.goto(`/c/${group.id}`);
  await app.composer.send('still usable');
  await app.delivered('still usable');
});

test('from right to left the page is mirrored', async () => {
  const { ada, group } = await somebody();
  const app = await play.app(ada, { locale: 'ar' }, `/c/${group.id}`);
  expect(await app.page.locator('html').getAttribute('dir')).toBe('rtl');
  expect(await app.page.locator('html').getAttribute('lang')).toBe('ar');
  const list = await app.page.getByRole('navigation').first().boundingBox();
  const main = await app.main.boundingBox();
  expect(list && main && list.x > main.x).toBe(true);
});

test('on a phone there is one pane at a time, and Back leads to the list', async () => {
  const { ada } = await somebody();
  const app = await play.app(ada, { screen: 'phone' });
  await app.shows(app.row('Expedition'));
  await app.hides(app.main.getByRole('textbox'));
  await app.row('Expedition').tap();
  await app.shows(app.composer.box);
  await app.hides(app.list);
  await app.main.getByRole('button', { name: words('common.back'), exact: true }).tap();
  await app.shows(app.row('Expedition'));
  await app.row('Expedition').tap();
  await app.shows(app.composer.box);
  await app.page.goBack();
  await app.shows(app.row('Expedition'));

  // With a finger from the edge.
  await app.row('Expedition').tap();
  await app.shows(app.composer.box);
  await app.swipe({ x: 5, y: 300 }, { x: 330, y: 305 });
  await app.shows(app.row('Expedition'));
});

test('on a phone a message’s menu comes when it is held', async () => {
  const { ada } = await somebody();
  const app = await play.app(ada, { screen: 'phone' });
  await app.row('Expedition').tap();
  await app.hold(app.message('A rather long line'));
  await app
    .dialog()
    .getByRole('button', { name: words('message.quote'), exact: true })
    .tap();
  await app.shows(app.says(/A rather long line/));
  await app.composer.fill('by touch');
  await app.page.getByRole('button', { name: words('composer.send'), exact: true }).tap();
  await app.delivered('by touch');
});

test('on a television everything is done with the arrows, and the focus is always seen', async () => {
  const { ada } = await somebody();
  const app = await play.app(ada, { screen: 'tv' });
  await app.shows(app.row('Expedition'));
  const press = async (key: string) => {
    await app.page.keyboard.press(key);
    const where = await focus(app.page);
    expect(where, key).toMatchObject({ onScreen: true, marked: true });
    return where.name ?? '';
  };
  // Around the page and back to the list, without ever losing the focus.
  const seen = new Set<string>();
  for (const key of [
    'Down',
    'Down',
    'Down',
    'Right',
    'Up',
    'Up',
    'Down',
    'Right',
    'Right',
    'Left',
    'Left',
    'Left',
    'Left',
  ]) {
    seen.add(await press(`Arrow${key}`));
  }
  expect(seen.size).toBeGreaterThan(2);

  for (let step = 0; step < 40 && !(await focus(app.page)).name?.includes('Expedition'); step += 1) {
    const here = (await focus(app.page)).name;
    await press('ArrowDown');
    if ((await focus(app.page)).name === here) for (let up = 0; up < 12; up += 1) await press('ArrowUp');
  }
  await app.page.keyboard.press('Enter');
  await app.shows(app.title('Expedition'));
});
