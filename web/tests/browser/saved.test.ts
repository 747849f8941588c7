// Saved messages: found again on their page, and taken off it.

import { test } from 'vitest';
import { words } from '../harness/app';
import { stage } from '../harness/stage';

const play = stage();

test('a message is saved, leads back to its place, and is no longer saved', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Recipes', ben);
  await ben.send(group, 'two eggs and some flour');
  const app = await play.app(ada, {}, `/c/${group.id}`);
  await app.act('two eggs', 'message.save');
  await app.shows(app.says(words('saved.done')));
  await app.page.goto('/later/saved');
  await app.main.getByRole('link').filter({ hasText: 'two eggs' }).click();
  await app.shows(app.message('two eggs'));
  await app.page.goto('/later/saved');
  await app.button('saved.remove').click();
  await app.shows(app.says(words('saved.nothing')));
});
