// From nothing to the first message: the owner's first run, newcomers, invitations, and what goes wrong at the door.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { device, launch, problems, watch } from '../harness/browser';
import { App, words, wordsLike } from '../harness/app';
import { PASSWORD } from '../harness/person';
import { Server } from '../harness/server';
import { stage } from '../harness/stage';

describe('a new server', () => {
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    [server, browser] = await Promise.all([Server.start({ args: ['--registration', 'invitation'] }), launch()]);
  });

  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  test('its owner comes by the link that it printed', async () => {
    const context = await device(browser, server);
    const page = await context.newPage();
    watch(page);
    const app = new App(page);
    await page.goto('/');
    await app.shows(app.heading(words('auth.ownerLinkTitle')));

    await page.goto(`/join/${server.ownerCode}`);
    await app.shows(app.heading(words('auth.ownerTitle')));
    await app.register('Olive', 'olive', 'auth.ownerMake');
    await app.shows(app.list);
    await page.goto('/admin/server');
    await app.shows(app.heading(words('admin.title')));

    // The link has done what it was for.
    const other = await device(browser, server);
    const late = new App(await other.newPage());
    await late.page.goto(`/join/${server.ownerCode}`);
    await late.shows(late.heading(words('auth.invalidTitle')));
    expect(problems(page)).toEqual([]);
    await context.close();
    await other.close();
  });
});

describe('a server with people', () => {
  const play = stage();

  test('two newcomers sign up and write to each other', async () => {
    const [one, two] = [await play.tab(await play.device()), await play.tab(await play.device())];
    for (const [app, name, username] of [
      [one, 'Nora New', 'nora'],
      [two, 'Nils New', 'nils'],
    ] as const) {
      await app.page.goto('/');
      await app.link('auth.signUp').click();
      await app.register(name, username, 'auth.signUp');
      await app.shows(app.list);
    }
    await one.newMessageTo('Nils New');
    await one.composer.send('Hello Nils!');
    await two.open('Nora New');
    await two.shows(two.message('Hello Nils!'));
    await two.composer.send('Hello Nora!');
    await one.shows(one.message('Hello Nora!'));
  });

  test('an invitation leads a new person into the conversation', async () => {
    const host = await play.person('Host');
    const group = await host.group('Book club');
    await host.send(group, 'Welcome to whoever comes');
    const { code } = await host.invite(group);
    const guest = await play.tab(await play.device());
    await guest.page.goto(`/join/${code}`);
    await guest.shows(guest.heading(words('auth.invitedTo', { name: 'Book club' })));
    await guest.register('Gil Guest', 'gil', 'auth.joinAndSignUp');
    await guest.shows(guest.heading('Book club'));
    await guest.shows(guest.message('Welcome to whoever comes'));
    await guest.composer.send('Thank you!');
    await expect.poll(() => host.texts(group)).toContain('Thank you!');
  });

  test('an invitation leads somebody who has an account into the conversation', async () => {
    const [host, ada] = [await play.person('Host'), await play.person('Ada')];
    const group = await host.group('Chess');
    const { code } = await host.invite(group);
    // Signed out, by way of signing in.
    const app = await play.tab(await play.device());
    await app.page.goto(`/join/${code}`);
    await app.page.getByRole('button', { name: words('auth.signIn'), exact: true }).click();
    await app.signIn(ada, 'auth.joinAndSignIn');
    await app.shows(app.heading('Chess'));
    // Signed in already.
    const ben = await play.app(await play.person('Ben'));
    await ben.page.goto(`/join/${code}`);
    await ben.button('auth.join').click();
    await ben.shows(ben.heading('Chess'));
  });

  test('an invitation that was taken back says so', async () => {
    const app = await play.tab(await play.device());
    await app.page.goto('/join/AAAAAAAAAAAAAAAAAAAAAA');
    await app.shows(app.heading(words('auth.invalidTitle')));
  });

  test('what is wrong at the door is said beside the form', async () => {
    const ada = await play.person('Ada');
    const app = await play.tab(await play.device());
    await app.page.goto('/sign-in');
    await app.button('auth.signIn').click();
    await app.shows(app.says(words('auth.required')));
    await app.field('auth.login').fill(ada.username);
    await app.field('auth.password').fill('not the password');
    await app.button('auth.signIn').click();
    await app.shows(app.says(words('error.wrong_credentials')));
    await app.field('auth.password').fill(PASSWORD);
    await app.button('auth.signIn').click();
    await app.shows(app.list);

    const other = await play.tab(await play.device());
    await other.page.goto('/sign-up');
    await other.register('Somebody', 'a', 'auth.signUp');
    await other.shows(other.says(words('auth.usernameInvalid')));
    await other.register('Somebody', ada.username, 'auth.signUp');
    await other.shows(other.says(words('error.username_taken')));
  });

  test('where somebody wanted to go is where they are led after signing in', async () => {
    const ada = await play.person('Ada');
    const group = await ada.group('Deep link');
    const app = await play.tab(await play.device());
    await app.page.goto(`/c/${group.id}`);
    await app.signIn(ada, 'auth.signIn');
    await app.shows(app.heading('Deep link'));
  });

  test('a server that cannot be reached says so', async () => {
    const app = await play.tab(await play.device());
    await app.page.goto('/sign-in');
    await app.shows(app.button('auth.signIn'));
    await app.page.context().setOffline(true);
    await app.field('auth.login').fill('ada');
    await app.field('auth.password').fill(PASSWORD);
    await app.button('auth.signIn').click();
    await app.shows(app.says(wordsLike('error.offline')));
  });
});
