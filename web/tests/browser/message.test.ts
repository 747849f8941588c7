// What can be done with a message, as the one who does it sees it and as somebody else does.

import { expect, test } from 'vitest';
import { words } from '../harness/app';
import { stage } from '../harness/stage';
import { Wire } from '../harness/wire';

const play = stage();

test('editing and deleting are seen by others, and leave a mark', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  await ada.group('Second thoughts', ben);
  const [app, other] = [await play.app(ada), await play.app(ben)];
  await app.open('Second thoughts');
  await other.open('Second thoughts');
  await app.composer.send('a misteak');
  await app.delivered('a misteak');

  await app.act('a misteak', 'message.edit');
  await expect.poll(() => app.composer.box.inputValue()).toBe('a misteak');
  await app.composer.send('a mistake');
  await other.shows(other.message('a mistake').getByText(words('message.edited')));
  await other.hides(other.message('a misteak'));

  await app.act('a mistake', 'message.delete');
  await app
    .dialog()
    .getByRole('button', { name: words('message.delete'), exact: true })
    .click();
  await other.shows(other.timeline.getByText(words('message.deleted')));
  await other.hides(other.message('a mistake'));
  await app.hides(app.message('a mistake'));
});

test('reactions are counted, and say whose they are', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Feelings', ben);
  const sent = await ben.send(group, 'good news');
  const app = await play.app(ada);
  await app.open('Feelings');
  await ben.react(sent, '🎉');
  const chip = (count: number) =>
    app.message('good news').getByRole('button', { name: words('reaction.chip', { emoji: '🎉', count }), exact: true });
  await app.shows(chip(1));
  await chip(1).click();
  await app.shows(chip(2));
  expect(await chip(2).getAttribute('aria-pressed')).toBe('true');
  await chip(2).hover();
  await app.shows(app.message('good news').getByText(new RegExp(ben.name)));
  await chip(2).click({ button: 'right' });
  await app.shows(app.dialog().getByText(ben.name));
  await app.shows(app.dialog().getByText(ada.name));
  await app.page.keyboard.press('Escape');
  await chip(2).click();
  await app.shows(chip(1));
});

test('any emoji can be chosen to react with', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Picker', ben);
  await ben.send(group, 'a turtle, please');
  const app = await play.app(ada);
  await app.open('Picker');
  await app.message('a turtle').hover();
  await app
    .message('a turtle')
    .getByRole('button', { name: words('reaction.add') })
    .first()
    .click();
  await app.page.getByPlaceholder(words('emoji.search')).fill('turtle');
  await app.page
    .getByRole('gridcell', { name: /turtle/i })
    .first()
    .click();
  await app.shows(
    app.message('a turtle').getByRole('button', { name: words('reaction.chip', { emoji: '🐢', count: 1 }) }),
  );
});

test('pins are marked, listed, and lead to their message', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Pins', ben);
  await ben.send(group, 'the address is 12 High Street');
  await ben.post(
    group,
    Array.from({ length: 150 }, (_, index) => `chatter ${index}`),
  );
  await ada.read(group);
  const app = await play.app(ada);
  await app.open('Pins');
  await app.shows(app.message('chatter 149'));
  await ada.send(group, 'and the time is 8');
  await app.act('and the time', 'message.pin');
  await app.shows(app.message('and the time').getByRole('img', { name: words('message.pinned') }));
  const address = (
    await ada.call<{ items: { id: string }[] }>('GET', `/conversations/${group.id}/messages?after=0`)
  ).items.find((message) => 'body' in message && String(message.body).startsWith('the address'));
  await ben.call('PUT', `/messages/${address?.id}/pin`);

  await app.page
    .getByRole('button', { name: words('header.pins') })
    .first()
    .click();
  const pin = app.details.getByText('the address is');
  await app.shows(pin);
  await app.details
    .getByRole('listitem')
    .filter({ hasText: 'the address is' })
    .getByRole('button', { name: words('conversation.jump') })
    .click();
  await expect.poll(() => app.isOnScreen(app.message('the address is'))).toBe(true);
});

test('an answer with a quote shows what it answers', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Quotes', ben);
  await ben.send(group, 'shall we meet at six?');
  const [app, other] = [await play.app(ada), await play.app(ben)];
  await app.open('Quotes');
  await other.open('Quotes');
  await app.act('shall we meet', 'message.quote');
  await app.shows(app.says(words('composer.answering', { name: ben.name })));
  await app.composer.send('six is fine');
  await other.shows(other.message('six is fine').getByText('shall we meet at six?'));
});

test('a message is forwarded into another conversation', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const [from] = [await ada.group('From here', ben), await ada.group('To there')];
  await ben.send(from, 'worth repeating');
  const app = await play.app(ada);
  await app.open('From here');
  await app.act('worth repeating', 'message.forward');
  await app.dialog().getByText('To there').click();
  await app.open('To there');
  await app.shows(app.message('worth repeating').getByText(words('message.forwardedFrom', { name: ben.name })));
});

test('ticks say how far one’s message has got', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const direct = await ada.direct(ben);
  const app = await play.app(ada);
  await app.open(ben.name);
  await app.composer.send('hello?');
  const tick = (key: 'message.sent' | 'message.delivered' | 'message.read') =>
    app
      .message(/\?$/)
      .last()
      .getByRole('button', { name: words(key), exact: true });
  await app.shows(tick('message.sent'));
  const other = await play.app(ben);
  await other.shows(other.row(ada.name));
  await app.composer.send('are you there?');
  await app.shows(tick('message.delivered'));
  await other.open(ada.name);
  await app.shows(tick('message.read'));
  expect(await ben.texts(direct)).toEqual(['hello?', 'are you there?']);
});

test('in a group, faces show who has read', async () => {
  const [ada, ben, cleo] = [await play.person('Ada'), await play.person('Ben'), await play.person('Cleo')];
  const group = await ada.group('Readers', ben, cleo);
  const app = await play.app(ada);
  await app.open('Readers');
  await app.composer.send('please read');
  await app.delivered('please read');
  await ben.read(group);
  const readers = app.message('please read').getByRole('button', { name: words('message.readBy', { count: 1 }) });
  await app.shows(readers);
  await readers.click();
  await app.shows(app.says(ben.name));
});

test('a message that was refused says why, and can be tried again or dropped', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ben.group('Strict', ada);
  const context = await play.device();
  const wire = await Wire.of(context);
  const app = await play.appOn(context, ada);
  await app.open('Strict');
  await app.shows(app.composer.box);
  // What was decided meanwhile is not known yet where the message is written.
  wire.hold();
  await ben.call('PUT', `/conversations/${group.id}/members/${ada.id}`, { mute_seconds: 3600 });
  await app.composer.send('too late');
  wire.release();
  await app.shows(app.message('too late').getByRole('alert'));
  await app.shows(app.message('too late').getByText(words('error.muted')));
  await ben.call('PUT', `/conversations/${group.id}/members/${ada.id}`, { mute_seconds: 0 });
  await app
    .message('too late')
    .getByRole('button', { name: words('common.retry') })
    .click();
  await app.delivered('too late');
});
