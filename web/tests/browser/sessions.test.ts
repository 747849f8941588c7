// Sessions end in other places than where they are used; the page says so, and keeps nothing.

import { expect, test } from 'vitest';
import { words } from '../harness/app';
import { stage } from '../harness/stage';

const play = stage();

test('a session that is ended from another device says so', async () => {
  const ada = await play.person('Ada');
  await ada.group('Secret plans');
  const [here, there] = [await play.app(ada), await play.app(ada)];
  await there.open('Secret plans');
  await here.page.goto('/settings/sessions');
  await here.main.getByRole('button', { name: words('settings.endOthers') }).click();
  await here
    .dialog()
    .getByRole('button', { name: words('settings.endOthers'), exact: true })
    .click();
  await there.shows(there.says(words('auth.ended')));
  await there.hides(there.says('Secret plans'));
  // Whoever comes next finds nothing of it.
  await there.page.reload();
  await there.shows(there.field('auth.password'));
  expect(await there.kept('Secret plans', 'lcr_', ada.name)).toEqual([]);
  await here.shows(here.row('Secret plans'));
});

test('an account that is disabled is told so', async () => {
  const ada = await play.person('Ada');
  await ada.group('Mine');
  const app = await play.app(ada);
  await app.open('Mine');
  await play.owner?.call('PUT', `/admin/users/${ada.id}`, { disabled: true });
  await app.shows(app.says(words('auth.disabled')).or(app.says(words('auth.ended'))));
  await app.hides(app.says('Mine'));
  await app.signIn(ada);
  await app.shows(app.says(words('error.account_disabled')));
});

test('signing out leaves nothing behind', async () => {
  const ada = await play.person('Ada');
  const group = await ada.group('Private');
  await ada.send(group, 'nobody else should read this');
  const app = await play.app(ada);
  await app.open('Private');
  await app.shows(app.message('nobody else'));
  await expect.poll(() => app.kept('nobody else', 'lcr_')).toEqual(['nobody else', 'lcr_']);
  await app.signOut();
  await app.shows(app.field('auth.password'));
  expect(await app.kept('nobody else', 'lcr_', ada.name)).toEqual([]);
});
