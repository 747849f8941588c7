// Searching: words are found where they were written, filters are completed, and a hit leads to its place.

import { expect, test } from 'vitest';
import type { Page, SearchHit } from '@/protocol.gen';
import { words } from '../harness/app';
import type { Person } from '../harness/person';
import { stage } from '../harness/stage';

const play = stage();

/** Until the index, which follows the log, has what was written. */
async function found(person: Person, query: string, count: number): Promise<void> {
  await expect
    .poll(async () => (await person.call<Page<SearchHit>>('GET', `/search?q=${query}`)).items.length)
    .toBe(count);
}

test('words are found, marked, and lead to their place', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Harbour', ben);
  await ben.send(group, 'the lighthouse keeper sails at dawn');
  await ben.post(
    group,
    Array.from({ length: 120 }, (_, index) => `wave ${index}`),
  );
  await ada.read(group);
  await found(ada, 'lighthouse', 1);
  const app = await play.app(ada);
  await app.shows(app.row('Harbour'));
  await app.page.keyboard.press('Control+Shift+F');
  const box = app.page.getByRole('combobox', { name: words('search.title') });
  await app.shows(box);
  await box.fill('lighthouse');
  await expect.poll(() => app.main.locator('mark').allInnerTexts()).toEqual(['lighthouse']);
  await app.page.keyboard.press('ArrowDown');
  await app.page.keyboard.press('Enter');
  await app.shows(app.title('Harbour'));
  await expect.poll(() => app.isOnScreen(app.message('lighthouse keeper'))).toBe(true);
  await app.page.goBack();
  await expect.poll(() => box.inputValue()).toBe('lighthouse');
});

test('a filter is completed by keyboard, and narrows what is found', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Kitchen', ben);
  await ada.send(group, 'pancakes for me');
  await ben.send(group, 'pancakes for you');
  await found(ada, 'pancakes', 2);
  const app = await play.app(ada, {}, '/search');
  const box = app.page.getByRole('combobox', { name: words('search.title') });
  await box.pressSequentially('pancakes fr');
  await app.shows(app.page.getByRole('option').filter({ hasText: 'from:' }));
  await app.page.keyboard.press('Tab');
  await box.pressSequentially(ben.username.slice(0, 3));
  await app.page.getByRole('option').filter({ hasText: ben.name }).click();
  await expect.poll(() => box.inputValue()).toBe(`pancakes from:${ben.username} `);
  await app.shows(app.main.getByRole('link').filter({ hasText: 'pancakes for you' }));
  expect(await app.main.getByRole('link').filter({ hasText: 'pancakes for me' }).count()).toBe(0);
});

test('people and channels are found too, and nothing is said to be nothing', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  await ben.channel('astronomy');
  const app = await play.app(ada, {}, `/search?q=${ben.username}&type=person`);
  await app.shows(app.main.getByRole('button').filter({ hasText: ben.name }));
  await app.page.getByRole('tab', { name: words('search.channels') }).click();
  const box = app.page.getByRole('combobox', { name: words('search.title') });
  await box.fill('astronomy');
  await app.shows(app.main.getByRole('link').filter({ hasText: 'astronomy' }));
  await app.page.getByRole('tab', { name: words('search.messages') }).click();
  await box.fill('qwertzuiop');
  await app.shows(app.says(words('search.nothing')));
});

test('a conversation is searched from its header', async () => {
  const ada = await play.person('Ada');
  const [here, there] = [await ada.group('Here'), await ada.group('There')];
  await ada.send(here, 'a pineapple here');
  await ada.send(there, 'a pineapple there');
  await found(ada, 'pineapple', 2);
  const app = await play.app(ada, {}, `/c/${here.id}`);
  await app.button('header.search').click();
  const box = app.page.getByRole('combobox', { name: words('search.title') });
  await expect.poll(() => box.inputValue()).toContain(here.id);
  await box.pressSequentially(' pineapple');
  await app.shows(app.main.getByRole('link').filter({ hasText: 'pineapple here' }));
  expect(await app.main.getByRole('link').filter({ hasText: 'pineapple there' }).count()).toBe(0);
});
