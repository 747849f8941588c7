// People: their profiles, being contacts, and blocking.

import { expect, test } from 'vitest';
import { words } from '../harness/app';
import { stage } from '../harness/stage';

const play = stage();

test('a contact is asked for, accepted and removed', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Acquaintances', ben);
  await ben.send(group, 'Good morning');
  const [app, other] = [await play.app(ada), await play.app(ben)];
  await app.open('Acquaintances');
  await app.profileOf(ben.name);
  await app.button('profile.ask').click();
  await app.shows(app.button('profile.withdraw'));

  await other
    .button('conversations.contactRequests', { count: 1 })
    .or(other.list.getByRole('img', { name: words('conversations.contactRequests', { count: 1 }) }))
    .first()
    .click();
  await other.shows(other.main.getByText(ada.name));
  await other.main.getByRole('button', { name: words('profile.accept') }).click();
  await app.hides(app.button('profile.withdraw'));
  await app
    .dialog()
    .getByRole('button', { name: words('common.more'), exact: true })
    .click();
  await app.choose('profile.end');
  await app
    .dialog()
    .last()
    .getByRole('button', { name: words('common.remove'), exact: true })
    .click();
  await app.shows(app.button('profile.ask'));
});

test('somebody who is blocked cannot write, and can again when unblocked', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const direct = await ada.direct(ben);
  await ben.send(direct, 'something rude');
  const app = await play.app(ada);
  await app.open(ben.name);
  await app.profileOf(ben.name);
  await app
    .dialog()
    .getByRole('button', { name: words('common.more'), exact: true })
    .click();
  await app.choose('profile.block');
  await app
    .dialog()
    .last()
    .getByRole('button', { name: words('profile.block'), exact: true })
    .click();
  await app.shows(app.says(words('profile.isBlocked')));
  // It is shown at once, and holds when the server has heard of it.
  await expect
    .poll(() =>
      ben.send(direct, 'more of it').then(
        () => 'sent',
        (problem: Error) => problem.message,
      ),
    )
    .toMatch(/blocked/);
  await app.page.keyboard.press('Escape');
  await app.shows(app.main.getByText(words('composer.blocked')));
  await app.profileOf(ben.name);
  await app.button('profile.unblock').click();
  await app.page.keyboard.press('Escape');
  await app.shows(app.composer.box);
  await ben.send(direct, 'I am sorry');
  await app.shows(app.message('I am sorry'));
});

test('what somebody says of themselves is seen by others at once', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  await ada.send(await ada.direct(ben), 'It is me');
  const [app, other] = [await play.app(ada), await play.app(ben)];
  await other.open(ada.name);
  await app.self.click();
  await app.choose('conversations.setStatus');
  await app.dialog().getByLabel(words('profile.statusText')).fill('Writing tests');
  await app
    .dialog()
    .getByRole('button', { name: words('common.save') })
    .click();
  await other.shows(other.main.getByText('Writing tests'));

  await other.profileOf(ada.name);
  await other.shows(other.dialog().getByText(`@${ada.username}`));
  await ada.call('PUT', `/users/${ada.id}/profile`, { about: 'I count bees.', display_name: 'Ada the Great' });
  await other.shows(other.dialog().getByText('I count bees.'));
  await other.page.keyboard.press('Escape');
  await other.shows(other.row('Ada the Great'));
});

test('do not disturb is seen by others', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  await ada.direct(ben);
  const [app, other] = [await play.app(ada), await play.app(ben)];
  await other.shows(other.row(ada.name).getByRole('img', { name: words('common.online') }));
  await app.self.click();
  await app.choose('common.doNotDisturb');
  await other.shows(other.row(ada.name).getByRole('img', { name: words('common.doNotDisturb') }));
});
