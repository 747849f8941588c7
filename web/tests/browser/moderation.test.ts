// Those who look after a conversation, and those who are looked after.

import { expect, test } from 'vitest';
import { words, type App } from '../harness/app';
import type { Person } from '../harness/person';
import { stage } from '../harness/stage';

const play = stage();

/** Opens the members of the conversation, and what can be done with one of them. */
async function memberMenu(app: App, person: Person): Promise<void> {
  await app.details.getByRole('button', { name: words('conversation.memberMenu', { name: person.name }) }).click();
}

async function members(app: App): Promise<void> {
  await app.page
    .getByRole('button', { name: /^\d+ members?$/ })
    .first()
    .click();
  await app.shows(app.details.getByRole('list', { name: words('conversation.members') }));
}

async function sure(app: App, key: 'conversation.ban' | 'common.remove'): Promise<void> {
  await app
    .dialog()
    .last()
    .getByRole('button', { name: words(key), exact: true })
    .click();
}

test('members have roles, and who may gives them', async () => {
  const [ada, ben, cleo] = [await play.person('Ada'), await play.person('Ben'), await play.person('Cleo')];
  const group = await ada.group('Roles', ben, cleo);
  const app = await play.app(ada);
  await app.open('Roles');
  await members(app);
  await app.shows(app.details.getByText(words('conversation.owner')));
  await memberMenu(app, ben);
  await app.choose('conversation.makeModerator');
  await app.shows(app.details.getByText(words('conversation.moderator'), { exact: true }));
  // Plain members are offered nothing of the kind.
  const other = await play.app(cleo);
  await other.open('Roles');
  await members(other);
  await memberMenu(other, ben);
  await other.shows(other.page.getByRole('menuitem', { name: words('conversation.showProfile') }));
  expect(await other.page.getByRole('menuitem', { name: words('conversation.makeAdmin') }).count()).toBe(0);
  expect(group.id).toBeTruthy();
});

test('somebody who is muted is told, and can write again afterwards', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  await ada.group('Quiet', ben);
  const [app, other] = [await play.app(ada), await play.app(ben)];
  await other.open('Quiet');
  await other.shows(other.composer.box);
  await app.open('Quiet');
  await members(app);
  await memberMenu(app, ben);
  await app.choose('conversation.muteMemberHours', { count: 1 });
  await other.hides(other.composer.box);
  await memberMenu(app, ben);
  await app.choose('conversation.unmuteMember');
  await other.shows(other.composer.box);
});

test('somebody who is removed while typing loses the conversation, and nothing else', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Leaving', ben);
  await ada.group('Staying', ben);
  const [app, other] = [await play.app(ada), await play.app(ben)];
  await other.open('Leaving');
  await other.composer.type('I was just about to');
  await app.open('Leaving');
  await app.shows(app.main.getByText(words('timeline.typing', { name: ben.name })));
  await members(app);
  await memberMenu(app, ben);
  await app.choose('conversation.removeMember');
  await sure(app, 'common.remove');
  await other.hides(other.composer.box);
  await other.hides(other.row('Leaving'));
  await other.open('Staying');
  await other.composer.send('still here');
  await other.delivered('still here');
  await app.hides(app.main.getByText(words('timeline.typing', { name: ben.name })));
  expect(await ada.texts(group)).toEqual([]);
});

test('somebody who is banned cannot come back until the ban is lifted', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const channel = await ada.channel('Open house');
  await ben.join(channel);
  const app = await play.app(ada);
  await app.open('Open house');
  await members(app);
  await memberMenu(app, ben);
  await app.choose('conversation.ban');
  await sure(app, 'conversation.ban');
  await expect.poll(() => ben.join(channel).catch((problem: Error) => problem.message)).toMatch(/banned/);
  await app.details.getByRole('radio', { name: words('conversation.banned') }).click();
  await app.details.getByRole('button', { name: words('conversation.unban') }).click();
  await expect
    .poll(() =>
      ben.join(channel).then(
        () => 'joined',
        (problem: Error) => problem.message,
      ),
    )
    .toBe('joined');
});

test('name, topic, slow mode and who may write are changed for everybody', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const channel = await ada.channel('Before');
  await ben.join(channel);
  const [app, other] = [await play.app(ada), await play.app(ben)];
  await other.open('Before');
  await app.open('Before');
  await members(app);
  await app.details.getByRole('tab', { name: words('conversation.settings') }).click();
  await app.details.getByLabel(words('conversation.name'), { exact: true }).fill('After');
  await app.details.getByLabel(words('conversation.topic'), { exact: true }).fill('What it is about now');
  await app.details
    .getByRole('button', { name: words('common.save') })
    .first()
    .click();
  await other.shows(other.title('After'));
  await other.shows(other.main.getByText('What it is about now'));
  await app.details.getByRole('switch', { name: words('conversation.readOnly') }).click();
  await other.hides(other.composer.box);
  await other.shows(other.says(words('composer.readOnly')));
  await app.details.getByRole('switch', { name: words('conversation.readOnly') }).click();
  await other.shows(other.composer.box);
});

test('an invitation link is made, works, and can be taken back', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  await ada.group('By link');
  const app = await play.app(ada);
  await app.open('By link');
  await members(app);
  await app.details.getByRole('tab', { name: words('conversation.invitations') }).click();
  await app.details.getByRole('button', { name: words('invitation.make') }).click();
  const link = await app.details.getByLabel(words('invitation.link')).inputValue();
  const other = await play.app(ben);
  await other.page.goto(link);
  await other.button('auth.join').click();
  await other.shows(other.title('By link'));

  await app.details.getByRole('button', { name: words('invitation.revoke') }).click();
  await app
    .dialog()
    .last()
    .getByRole('button', { name: words('invitation.revoke'), exact: true })
    .click();
  const late = await play.tab(await play.device());
  await late.page.goto(link);
  await late.shows(late.heading(words('auth.invalidTitle')));
});
