// Everything by keyboard: the quick switcher, the sheet of shortcuts, and a whole conversation without a mouse.

import { expect, test } from 'vitest';
import { words } from '../harness/app';
import { focus } from '../harness/looks';
import { stage } from '../harness/stage';

const play = stage();

test('the quick switcher goes to conversations and people', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  await ada.group('Mountains');
  await ada.group('Rivers');
  const app = await play.app(ada);
  await app.shows(app.row('Rivers'));
  await app.page.keyboard.press('Control+k');
  await app.shows(app.dialog());
  await app.page.keyboard.type('mount');
  await app.shows(app.dialog().getByRole('option').filter({ hasText: 'Mountains' }));
  await app.page.keyboard.press('Enter');
  await app.shows(app.title('Mountains'));
  await app.page.keyboard.press('Control+k');
  await app.shows(app.dialog());
  await app.page.keyboard.type(ben.username);
  await app.shows(app.dialog().getByRole('option').filter({ hasText: ben.name }));
  await app.page.keyboard.press('Enter');
  await app.shows(app.title(ben.name));
  // Escape leaves everything as it was.
  await app.page.keyboard.press('Control+k');
  await app.shows(app.dialog());
  await app.page.keyboard.press('Escape');
  await app.hides(app.dialog());
  await app.shows(app.title(ben.name));
});

test('the sheet shows the shortcuts', async () => {
  const app = await play.app(await play.person('Ada'));
  await app.shows(app.list);
  await app.page.keyboard.press('?');
  await app.shows(app.dialog(words('shortcuts.title')));
  await app.shows(app.dialog().getByText(words('shortcuts.switcher')));
  await app.page.keyboard.press('Escape');
  await app.hides(app.dialog());
});

test('Alt and the arrows go from conversation to conversation', async () => {
  const ada = await play.person('Ada');
  await ada.group('Alpha');
  await ada.group('Beta');
  const app = await play.app(ada);
  await app.open('Beta');
  await app.page.keyboard.press('Alt+ArrowDown');
  await app.shows(app.title('Alpha'));
  await app.page.keyboard.press('Alt+ArrowUp');
  await app.shows(app.title('Beta'));
});

test('somebody without a mouse signs in, writes, reacts, answers and signs out', async () => {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group('No mouse', ben);
  await ben.send(group, 'a question');
  const app = await play.tab(await play.device());
  const keys = app.page.keyboard;
  await app.page.goto('/');
  await app.shows(app.field('auth.login'));
  /** Presses Tab until something has the focus. */
  const tabTo = async (name: string | RegExp) => {
    const steps: string[] = [];
    for (let step = 0; step < 60; step += 1) {
      const present = (await focus(app.page)).name ?? '';
      if (typeof name === 'string' ? present.includes(name) : name.test(present)) return;
      steps.push(present);
      await keys.press('Tab');
    }
    throw new Error(`Tab did not lead to ${String(name)}, but to ${steps.join('; ')}`);
  };
  await app.field('auth.login').focus();
  await keys.type(ada.username);
  await keys.press('Tab');
  await keys.type(ada.password);
  await keys.press('Enter');
  await app.shows(app.row('No mouse'));

  await keys.press('Control+k');
  await app.shows(app.dialog());
  await keys.type('no mouse');
  await app.shows(app.dialog().getByRole('option').filter({ hasText: 'No mouse' }));
  await keys.press('Enter');
  await app.shows(app.message('a question'));
  await expect.poll(() => app.composer.box.evaluate((box) => box === document.activeElement)).toBe(true);
  await keys.type('an answer');
  await keys.press('Enter');
  await app.delivered('an answer');

  // Into the messages, up to the question, and all that can be done with it.
  await keys.press('Shift+Tab');
  for (let step = 0; step < 30 && !(await focus(app.page)).name?.includes('an answer'); step += 1)
    await keys.press('Shift+Tab');
  await keys.press('ArrowUp');
  await expect.poll(async () => (await focus(app.page)).name).toContain('a question');
  expect((await focus(app.page)).marked).toBe(true);
  await keys.press('r');
  await app.shows(app.thread);
  await expect.poll(() => app.threadComposer.box.evaluate((box) => box === document.activeElement)).toBe(true);
  await keys.type('in the thread');
  await keys.press('Enter');
  await app.shows(app.thread.getByText('in the thread'));

  await app.page.goto('/');
  await app.shows(app.list);
  await tabTo(words('conversations.you'));
  await keys.press('Enter');
  await app.shows(app.page.getByRole('menuitem', { name: words('conversations.signOut') }));
  await expect
    .poll(async () => {
      await keys.press('End');
      return (await focus(app.page)).name;
    })
    .toContain(words('conversations.signOut'));
  await keys.press('Enter');
  await app.shows(app.dialog());
  await tabTo(`button ${words('conversations.signOut')}`);
  await keys.press('Enter');
  await app.shows(app.field('auth.password'));
});
