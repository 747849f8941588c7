// Taking one's data along, and the end of an account.

import { expect, test } from 'vitest';
import { words } from '../harness/app';
import { PASSWORD } from '../harness/person';
import { stage } from '../harness/stage';

const play = stage();

test('a copy of one’s data is made and downloaded', async () => {
  const ada = await play.person('Ada');
  await ada.send(await ada.group('Diary'), 'dear diary');
  const app = await play.app(ada, {}, '/settings/account');
  await app.button('data.make').click();
  const save = app.button('data.download');
  await app.shows(save);
  const [download] = await Promise.all([app.page.waitForEvent('download'), save.click()]);
  expect(download.suggestedFilename()).toMatch(/\.(zip|tar)/);
});

test('an account is deleted with its password, and what was erased is said', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ben.group('Memories', ada);
  await ada.send(group, 'something I regret');
  const app = await play.app(ada, {}, '/settings/account');
  await app.button('data.deleteAction').click();
  await app.dialog().getByLabel(words('data.password')).fill('not the password');
  await app.button('data.deleteNow').click();
  await app.shows(app.dialog().getByRole('alert'));
  await app.dialog().getByLabel(words('data.password')).fill(PASSWORD);
  await app.button('data.deleteNow').click();
  await app.shows(app.dialog(words('data.doneTitle')));
  // The last thing that there is to do here; the dialog can be closed at its corner too.
  await app.button('data.leave').last().click();
  await app.shows(app.field('auth.login'));
  await expect.poll(() => ben.texts(group)).not.toContain('something I regret');
});
