// Programs around a conversation: one that posts, and one that is told.

import { expect, test } from 'vitest';
import { words } from '../harness/app';
import { stage } from '../harness/stage';

const play = stage();

test('a webhook is made, posts, and is removed', async () => {
  const ada = await play.person('Ada');
  const group = await ada.group('Builds');
  const app = await play.app(ada, {}, `/c/${group.id}`);
  await app.showDetails('webhooks');
  await app.details.getByLabel(words('webhook.name'), { exact: true }).fill('Builder');
  await app.button('webhook.make').click();
  const address = await app.details.getByLabel(words('webhook.address', { name: 'Builder' })).inputValue();
  const posted = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: 'build 7 is green' }),
  });
  expect(posted.ok).toBe(true);
  await app.shows(app.message('build 7 is green'));
  await app.details.getByRole('button', { name: words('common.remove'), exact: true }).click();
  await app
    .dialog(words('webhook.removeTitle', { name: 'Builder' }))
    .or(app.page.getByRole('alertdialog'))
    .getByRole('button', { name: words('common.remove'), exact: true })
    .last()
    .click();
  await app.shows(app.says(words('webhook.noIncoming')));
});

test('messages of a conversation expire when its administrator says so', async () => {
  const ada = await play.person('Ada');
  const group = await ada.group('Short memory');
  const app = await play.app(ada, {}, `/c/${group.id}`);
  await app.showDetails('settings');
  await app.details.getByRole('combobox', { name: words('conversation.expiry') }).selectOption('86400');
  await app.page.getByRole('button', { name: words('conversation.expirySet'), exact: true }).click();
  await expect
    .poll(() => ada.call<{ expire_seconds: number | null }>('GET', `/conversations/${group.id}`))
    .toMatchObject({ expire_seconds: 86_400 });
  await app.shows(app.main.getByLabel(words('header.expires', { span: '1 day' })));
});
