// Threads: replies stand beside the timeline, under the message that they answer.

import { expect, test } from 'vitest';
import { words, wordsLike } from '../harness/app';
import { stage } from '../harness/stage';

const play = stage();

test('two people talk in a thread beside the timeline', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Threads', ben);
  await ben.send(group, 'a question');
  const [app, other] = [await play.app(ada), await play.app(ben)];
  await app.open('Threads');
  await other.open('Threads');
  await app.act('a question', 'message.reply');
  await app.shows(app.thread.getByText('a question'));
  await app.threadComposer.send('an answer');
  await app.shows(app.thread.getByRole('article').filter({ hasText: 'an answer' }));
  expect(await app.texts()).toEqual(['a question']);

  const replies = other.message('a question').getByRole('link', { name: wordsLike('thread.replies', { count: 1 }) });
  await other.shows(replies);
  await replies.click();
  await other.shows(other.thread.getByText('an answer'));
  await other.threadComposer.send('thank you');
  await app.shows(app.thread.getByText('thank you'));
  await app.shows(app.message('a question').getByRole('link', { name: wordsLike('thread.replies', { count: 2 }) }));

  await app.thread.getByRole('button', { name: words('common.close'), exact: true }).click();
  await app.hides(app.thread);
});

test('a thread has an address of its own, and a draft', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('Deep', ben);
  const parent = await ben.send(group, 'the beginning');
  for (let reply = 1; reply <= 80; reply += 1) await ben.reply(parent, `reply ${reply}.`);
  const app = await play.app(ada);
  await app.page.goto(`/c/${group.id}/t/${parent.id}`);
  await app.shows(app.thread.getByText('reply 80.'));
  await app.threadComposer.type('only begun');
  await app.composer.type('something else');
  const drafts = ['only begun', 'something else'];
  await expect.poll(() => app.kept(...drafts)).toEqual(drafts);
  await app.page.reload();
  await expect.poll(() => app.threadComposer.box.inputValue()).toBe('only begun');
  await expect.poll(() => app.composer.box.inputValue()).toBe('something else');
});
