// Settings: how the page looks, what others may know, and one's account; and the pages of the server's owner.

import { expect, test } from 'vitest';
import { words } from '../harness/app';
import { PASSWORD } from '../harness/person';
import { stage } from '../harness/stage';

const play = stage();

test('theme, density and language change at once, in all tabs, and stay', async () => {
  const ada = await play.person('Ada');
  await ada.group('Anything');
  const app = await play.app(ada, {}, '/settings/appearance');
  const other = await app.another();
  const root = (attribute: string) => other.page.locator('html').getAttribute(attribute);
  const pick = (key: 'settings.themeDark' | 'settings.compact') =>
    app.page.getByRole('radio', { name: words(key) }).click();
  await pick('settings.themeDark');
  await expect.poll(() => root('data-theme')).toBe('dark');
  await expect
    .poll(() => other.page.evaluate(() => getComputedStyle(document.body).backgroundColor))
    .not.toBe('rgb(255, 255, 255)');
  await pick('settings.compact');
  await expect.poll(() => root('data-density')).toBe('compact');

  await app.page.getByRole('combobox', { name: words('settings.language') }).selectOption('de');
  await expect.poll(() => root('lang')).toBe('de');
  await other.page.reload();
  await expect.poll(() => root('lang')).toBe('de');
  await expect.poll(() => root('data-theme')).toBe('dark');
});

test('somebody who does not show presence and reading is not seen to be there or to have read', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  await ada.direct(ben);
  const [app, other] = [await play.app(ada, {}, '/settings/privacy'), await play.app(ben)];
  await other.shows(other.row(ada.name).getByRole('img', { name: words('common.online') }));
  await app.page.getByRole('switch', { name: words('settings.showPresence') }).click();
  await other.hides(other.row(ada.name).getByRole('img', { name: words('common.online') }));
  await app.page.getByRole('switch', { name: words('settings.showRead') }).click();
  await expect
    .poll(async () => (await ada.call<{ privacy: object }>('GET', '/me')).privacy)
    .toMatchObject({
      show_presence: false,
      show_read: false,
    });
});

test('a name and a password are changed', async () => {
  const ada = await play.person('Ada');
  const app = await play.app(ada, {}, '/settings/profile');
  await app.page.getByLabel(words('settings.displayName'), { exact: true }).fill('Ada Lovelace');
  await app.page.getByRole('button', { name: words('common.save'), exact: true }).click();
  await app.shows(app.list.getByText('Ada Lovelace'));

  await app.page.goto('/settings/account');
  await app.page.getByLabel(words('settings.currentPassword'), { exact: true }).fill(PASSWORD);
  await app.page.getByLabel(words('settings.newPassword'), { exact: true }).fill('something else entirely');
  await app.page.getByLabel(words('settings.passwordAgain'), { exact: true }).fill('something else entirely');
  await app.button('settings.changePassword').click();
  await app.shows(app.says(words('settings.passwordChanged')));
  const grant = await fetch(`${play.server.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: ada.username, password: 'something else entirely' }),
  });
  expect(grant.status).toBe(200);
});

test('the owner closes registration, sets a new password and disables an account', async () => {
  if (!play.owner) throw new Error('the server has no owner');
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const app = await play.app(play.owner, {}, '/admin/server');
  await app.page.getByRole('radio', { name: words('admin.closed') }).click();
  const stranger = await play.tab(await play.device());
  await expect
    .poll(async () => (await (await fetch(`${play.server.url}/api/v1/server`)).json()) as object)
    .toMatchObject({
      registration: 'closed',
    });
  await stranger.page.goto('/sign-up');
  await stranger.shows(stranger.heading(words('auth.closedTitle')));
  await app.page.getByRole('radio', { name: words('admin.open') }).click();
  await stranger.page.reload();
  await stranger.shows(stranger.field('auth.username'));

  await app.page.goto('/admin/users');
  const menu = (name: string) => app.page.getByRole('button', { name: words('admin.userMenu', { name }) }).click();
  await menu(ada.name);
  await app.choose('admin.reset');
  await app
    .dialog()
    .getByRole('button', { name: words('admin.reset'), exact: true })
    .click();
  const made = await app.page.getByLabel(words('admin.newPassword', { name: ada.name })).inputValue();
  await stranger.page.goto('/sign-in');
  await stranger.field('auth.login').fill(ada.username);
  await stranger.field('auth.password').fill(made);
  await stranger.button('auth.signIn').click();
  await stranger.shows(stranger.list);

  await menu(ben.name);
  await app.choose('admin.disable');
  await app
    .dialog()
    .getByRole('button', { name: words('admin.disable'), exact: true })
    .click();
  await expect
    .poll(() =>
      ben.sessions().then(
        () => 'works',
        () => 'refused',
      ),
    )
    .toBe('refused');
});

test('somebody who does not own the server does not get its pages', async () => {
  const app = await play.app(await play.person('Ada'), {}, '/admin/users');
  await app.shows(app.says(words('admin.notForYou')));
});
