// Writing: what becomes of what is typed, and the help one gets with it.

import { expect, test } from 'vitest';
import type { App } from '../harness/app';
import { words } from '../harness/app';
import type { Person } from '../harness/person';
import { stage } from '../harness/stage';

const play = stage();

async function pair(name: string): Promise<{ ada: Person; ben: Person; group: { id: string }; app: App; other: App }> {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group(name, ben);
  const [app, other] = [await play.app(ada), await play.app(ben)];
  await app.open(name);
  await other.open(name);
  return { ada, ben, group, app, other };
}

test('markdown is shown as it is meant, code in colours', async () => {
  const { app, other } = await pair('Markdown');
  await app.composer.send('**bold** and _italic_ and `code`, [a link](https://example.org/)');
  const message = other.message('bold and italic');
  await other.shows(message.locator('strong', { hasText: 'bold' }));
  await other.shows(message.locator('em', { hasText: 'italic' }));
  await other.shows(message.locator('code', { hasText: 'code' }));
  const link = message.getByRole('link', { name: 'a link' });
  expect(await link.getAttribute('href')).toBe('https://example.org/');
  expect(await link.getAttribute('rel')).toContain('noopener');

  await app.composer.send('- one\n- two\n\n> quoted\n\n```js\nconst answer = 42; // why\n```');
  const second = other.message('const answer');
  await other.shows(second.getByRole('listitem').filter({ hasText: 'two' }));
  await other.shows(second.locator('blockquote', { hasText: 'quoted' }));
  await expect.poll(() => second.locator('pre span').count()).toBeGreaterThan(2);
  const colours = await second
    .locator('pre span')
    .evaluateAll((spans) => spans.map((span) => getComputedStyle(span).color));
  expect(new Set(colours).size).toBeGreaterThan(1);
});

test('Shift+Enter makes a new line, Enter sends', async () => {
  const { app, other, group, ada } = await pair('Lines');
  await app.composer.type('first line');
  await app.page.keyboard.press('Shift+Enter');
  await app.composer.type('second line');
  expect(await ada.texts(group)).toEqual([]);
  await app.page.keyboard.press('Enter');
  await other.shows(other.message('second line'));
  expect(await ada.texts(group)).toEqual(['first line\nsecond line']);
  expect(await app.composer.box.inputValue()).toBe('');
});

test('the arrow up edits the last message, Escape leaves it as it was', async () => {
  const { app, other } = await pair('Arrow up');
  await app.composer.send('helo');
  await app.delivered('helo');
  await app.page.keyboard.press('ArrowUp');
  await expect.poll(() => app.composer.box.inputValue()).toBe('helo');
  await app.page.keyboard.press('Escape');
  await expect.poll(() => app.composer.box.inputValue()).toBe('');
  await app.page.keyboard.press('ArrowUp');
  await expect.poll(() => app.composer.box.inputValue()).toBe('helo');
  await app.composer.send('hello');
  await other.shows(other.message('hello').getByText(words('message.edited')));
});

test('people, emoji and channels are completed while one types', async () => {
  const { app, ben, ada, other, group } = await pair('Completion');
  await ada.channel(`garden-${ada.username}`);
  await app.composer.type(`Hello @${ben.username.slice(0, 4)}`);
  const option = (name: string) => app.page.getByRole('option').filter({ hasText: name });
  await app.shows(option(ben.name));
  await app.page.keyboard.press('Enter');
  await app.composer.type('look :turtl');
  await app.shows(option('🐢'));
  await app.page.keyboard.press('Tab');
  await app.composer.type(' in #garden-');
  await app.shows(option(`garden-${ada.username}`));
  await app.page.keyboard.press('Enter');
  await app.page.keyboard.press('Enter');
  await app.delivered('look');
  expect((await ada.texts(group))[0]).toMatch(new RegExp(`^Hello @${ben.username} look (?:🐢|:turtle:) +in .*garden-`));
  await other.shows(
    other
      .message('look')
      .getByText(`@${ben.name}`)
      .or(other.message('look').getByText(`@${ben.username}`)),
  );
});

test('the picker puts an emoji where the cursor is', async () => {
  const { app, ada, group } = await pair('Picker');
  await app.composer.type('so ');
  await app.button('composer.emoji').click();
  await app.page.getByPlaceholder(words('emoji.search')).fill('turtle');
  await app.page
    .getByRole('gridcell', { name: /turtle/i })
    .first()
    .click();
  await expect.poll(() => app.composer.box.inputValue()).toContain('🐢');
  await app.composer.box.press('Enter');
  await expect.poll(() => ada.texts(group)).toEqual([expect.stringMatching(/^so 🐢\s*$/u)]);
});

test('each conversation keeps its own draft, over a reload', async () => {
  const { app, ada } = await pair('Draft one');
  await ada.group('Draft two');
  await app.composer.type('for the first');
  await app.open('Draft two');
  await app.composer.type('for the second');
  await app.open('Draft one');
  await expect.poll(() => app.composer.box.inputValue()).toBe('for the first');
  const drafts = ['for the first', 'for the second'];
  await expect.poll(() => app.kept(...drafts)).toEqual(drafts);
  await app.page.reload();
  await expect.poll(() => app.composer.box.inputValue()).toBe('for the first');
  await app.open('Draft two');
  await expect.poll(() => app.composer.box.inputValue()).toBe('for the second');
});

test('near the limit the composer counts, and beyond it it does not send', async () => {
  const { app, ada, group } = await pair('Limit');
  await app.composer.fill('x'.repeat(99_990));
  await app.shows(app.main.getByText(words('composer.left', { count: 10 })));
  await app.composer.fill('y'.repeat(100_001));
  await app.composer.box.press('Enter');
  expect(await app.composer.box.inputValue()).toHaveLength(100_001);
  await app.composer.fill('z'.repeat(100_000));
  await app.composer.box.press('Enter');
  await expect.poll(async () => (await ada.texts(group)).map((text) => text.length)).toEqual([100_000]);
});

test('marks are drawn while one types', async () => {
  const { app } = await pair('Hints');
  await app.composer.type('some **bold** text');
  const hint = app.main.locator('[aria-hidden=true] span', { hasText: 'bold' }).last();
  await app.shows(hint);
});
