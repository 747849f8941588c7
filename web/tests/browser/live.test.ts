// What one keeps for later changes before one's eyes when it is changed on another device.

import { test } from 'vitest';
import type { Reminder, Scheduled } from '@/protocol.gen';
import { words } from '../harness/app';
import { picture } from '../harness/picture';
import { stage } from '../harness/stage';

const play = stage();

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

test('messages that are saved elsewhere come and go', async () => {
  const ada = await play.person('Ada');
  const group = await ada.group('Recipes');
  const message = await ada.send(group, 'two eggs and some flour');
  const app = await play.app(ada, {}, '/later/saved');
  await app.shows(app.says(words('saved.nothing')));
  await ada.call('PUT', `/me/saved/${message.id}`);
  await app.shows(app.main.getByText('two eggs and some flour'));
  await ada.call('DELETE', `/me/saved/${message.id}`);
  await app.shows(app.says(words('saved.nothing')));
});

test('what is scheduled elsewhere comes, changes, and goes', async () => {
  const ada = await play.person('Ada');
  const group = await ada.group('Tomorrow');
  const app = await play.app(ada, {}, '/later/scheduled');
  await app.shows(app.says(words('scheduled.nothing')));
  const save = { conversation_id: group.id, body: 'good morning', send_at: inAnHour() };
  const { id } = await ada.call<Scheduled>('POST', '/me/scheduled', save);
  await app.shows(app.main.getByText('good morning'));
  await ada.call('PUT', `/me/scheduled/${id}`, { ...save, body: 'good evening' });
  await app.shows(app.main.getByText('good evening'));
  await ada.call('DELETE', `/me/scheduled/${id}`);
  await app.shows(app.says(words('scheduled.nothing')));
});

test('a reminder that is made elsewhere comes, and says so when it is due', async () => {
  const ada = await play.person('Ada');
  const app = await play.app(ada, {}, '/later/reminders');
  await app.shows(app.says(words('reminder.nothing')));
  const { id } = await ada.call<Reminder>('POST', '/me/reminders', { text: 'water the plants', remind_at: inAnHour() });
  await app.shows(app.main.getByText('water the plants'));
  const soon = new Date(Date.now() + 2_000).toISOString();
  await ada.call('PUT', `/me/reminders/${id}`, { text: 'water the plants', remind_at: soon });
  await app.shows(app.main.getByText(words('reminder.due'), { exact: true }));
  await app.shows(app.says(words('reminder.dueNotice', { text: 'water the plants' })));
  await ada.call('DELETE', `/me/reminders/${id}`);
  await app.shows(app.says(words('reminder.nothing')));
});

test('an emoji that is added is in the messages that have its name', async () => {
  const { owner } = play;
  if (!owner) throw new Error('the server has no owner');
  const ada = await play.person('Ada');
  const group = await ada.group('Emoji');
  await ada.send(group, 'well done :bravo:');
  const app = await play.app(ada, {}, `/c/${group.id}`);
  await app.shows(app.message(':bravo:'));
  const file_id = await owner.upload('bravo.png', picture(64, 64), 'emoji');
  await owner.call('PUT', '/emoji/bravo', { file_id });
  await app.shows(app.message('well done').getByRole('img', { name: ':bravo:' }));
});
