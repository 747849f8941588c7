// The client as a person uses it: what is on the page is found by its role and its name, and done by mouse and keyboard.

import { expect } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import type { TextKey } from '@/lib/text';
import { watch } from './browser';
import { Composer } from './composer';
import { PASSWORD, type Person } from './person';
import { words, wordsLike } from './words';

interface Point {
  readonly x: number;
  readonly y: number;
}

type Values = Readonly<Record<string, string | number>>;

export { words, wordsLike };

/** A file that a person has. */
export interface Chosen {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** What the tabs of the details are called. */
const TABS = {
  about: 'conversation.about',
  members: 'conversation.members',
  pins: 'header.pins',
  files: 'file.title',
  invitations: 'conversation.invitations',
  webhooks: 'webhook.title',
  settings: 'conversation.settings',
} as const;

export class App {
  constructor(readonly page: Page) {}

  /** Another tab beside this one. */
  async another(path = '/'): Promise<App> {
    const page = await this.page.context().newPage();
    watch(page);
    await page.goto(path);
    return new App(page);
  }

  // What is on every page.

  button(key: TextKey, values?: Values): Locator {
    return this.page.getByRole('button', { name: words(key, values), exact: true });
  }

  link(key: TextKey, values?: Values): Locator {
    return this.page.getByRole('link', { name: words(key, values), exact: true });
  }

  field(key: TextKey): Locator {
    return this.page.getByLabel(words(key), { exact: true });
  }

  dialog(name?: string | RegExp): Locator {
    return this.page.getByRole('dialog', name === undefined ? {} : { name });
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { name });
  }

  says(text: string | RegExp): Locator {
    return this.page.getByText(text);
  }

  /** Chooses from the menu that is open. */
  async choose(key: TextKey, values?: Values): Promise<void> {
    await this.page.getByRole('menuitem', { name: words(key, values) }).click();
  }

  /** Until nothing of the page is on its way any more. */
  async settled(): Promise<void> {
    await this.page.waitForLoadState('networkidle');
    await expect.poll(() => this.page.getByRole('progressbar').filter({ visible: true }).count()).toBe(0);
  }

  async shows(locator: Locator): Promise<void> {
    await locator.first().waitFor();
  }

  async hides(locator: Locator): Promise<void> {
    await expect.poll(() => locator.filter({ visible: true }).count()).toBe(0);
  }

  // Coming and going.

  async register(name: string, username: string, action: TextKey): Promise<void> {
    await this.field('auth.displayName').fill(name);
    await this.field('auth.username').fill(username);
    await this.field('auth.password').fill(PASSWORD);
    await this.button(action).click();
  }

  async signIn(person: Person, action: TextKey = 'auth.signIn'): Promise<void> {
    await this.field('auth.login').fill(person.username);
    await this.field('auth.password').fill(person.password);
    await this.button(action).click();
  }

  /** The button with one's own name, which opens one's own menu. */
  get self(): Locator {
    return this.page.getByRole('button', { name: wordsLike('conversations.you') });
  }

  async signOut(): Promise<void> {
    await this.self.click();
    await this.choose('conversations.signOut');
    await this.dialog()
      .getByRole('button', { name: words('conversations.signOut'), exact: true })
      .click();
  }

  // The list of conversations.

  get list(): Locator {
    return this.page.getByRole('navigation', { name: words('conversations.title') });
  }

  row(name: string): Locator {
    return this.list.getByRole('link').filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** The headings of the sections, with what is in each, as they stand in the list. */
  async sections(): Promise<string[]> {
    return this.list.getByRole('listitem').allInnerTexts();
  }

  badge(name: string, key: TextKey, count: number): Locator {
    return this.row(name).getByRole('img', { name: words(key, { count }), exact: true });
  }

  unread(name: string, count: number): Locator {
    return this.badge(name, 'conversations.unread', count);
  }

  async open(name: string): Promise<void> {
    await this.row(name).click();
    await this.shows(this.title(name));
  }

  async rowMenu(name: string): Promise<void> {
    await this.row(name).click({ button: 'right' });
  }

  async begin(key: TextKey): Promise<void> {
    await this.button('conversations.new').click();
    await this.choose(key);
  }

  async newMessageTo(name: string): Promise<void> {
    await this.button('conversations.newMessage').first().click();
    await this.dialog().getByRole('combobox').fill(name);
    await this.dialog().getByRole('option').filter({ hasText: name }).click();
    await this.dialog()
      .getByRole('button', { name: words('conversations.startDirect'), exact: true })
      .click();
    await this.shows(this.title(name));
  }

  // The conversation that is open.

  get main(): Locator {
    return this.page.getByRole('main');
  }

  /** The name over the conversation. */
  title(name: string): Locator {
    return this.main.getByRole('heading', { name, level: 1 });
  }

  get composer(): Composer {
    return new Composer(this.page.getByRole('textbox', { name: wordsLike('timeline.composer') }));
  }

  get timeline(): Locator {
    return this.main.getByRole('log', { name: words('timeline.messages') });
  }

  message(text: string | RegExp): Locator {
    return this.timeline.getByRole('article').filter({ hasText: text });
  }

  /** Whether something is within the part of the timeline that one sees. */
  async isOnScreen(locator: Locator): Promise<boolean> {
    if ((await locator.count()) === 0) return false;
    const [box, frame] = await Promise.all([locator.first().boundingBox(), this.timeline.boundingBox()]);
    if (!box || !frame) return false;
    return box.y + box.height > frame.y && box.y < frame.y + frame.height;
  }

  /** How far down the page a message begins. */
  async top(text: string): Promise<number> {
    const box = await this.message(text).boundingBox();
    if (!box) throw new Error(`${text} is not on the page`);
    return box.y;
  }

  /** Turns the wheel upwards until a message is on the screen. */
  async scrollTo(text: string): Promise<void> {
    await this.timeline.hover();
    await expect
      .poll(async () => {
        await this.page.mouse.wheel(0, -300);
        return this.isOnScreen(this.message(text));
      })
      .toBe(true);
  }

  async jumpToDate(): Promise<void> {
    await this.main
      .getByRole('button', { name: words('common.more'), exact: true })
      .first()
      .click();
    await this.choose('timeline.jumpToDate');
    await this.shows(this.dialog(words('timeline.jumpToDate')));
  }

  /** The texts of the messages on the page, in their order. */
  async texts(): Promise<string[]> {
    const labels = await this.timeline.getByRole('article').evaluateAll((articles) =>
      // A message is labelled with its sender and its text; what the server says has a label of its own.
      articles.flatMap((article) => /^[^:]+: (.*)$/s.exec(article.getAttribute('aria-label') ?? '')?.[1] ?? []),
    );
    return labels;
  }

  /** A message that waits to be sent. */
  queued(text: string): Locator {
    return this.message(text).filter({ has: this.page.getByLabel(words('message.queued')) });
  }

  /** Until the server has a message of one's own. */
  async delivered(text: string): Promise<void> {
    const far = ['message.sent', 'message.delivered', 'message.read'] as const;
    const label = new RegExp(far.map((key) => words(key)).join('|'));
    await this.shows(this.message(text).filter({ has: this.page.getByRole('button', { name: label }) }));
  }

  /** Opens what can be done with a message, and does it. */
  async act(text: string, key: TextKey): Promise<void> {
    const message = this.message(text).first();
    await message.hover();
    await message.getByRole('button', { name: words('common.more'), exact: true }).click();
    await this.choose(key);
  }

  // Files.

  /** Chooses files for the message that is written. */
  async attach(...files: readonly Chosen[]): Promise<void> {
    await this.main
      .locator('input[type=file]')
      .first()
      .setInputFiles([...files]);
  }

  /** The names of the files that will go with the message. */
  async trayNames(): Promise<string[]> {
    const items = this.main.locator('[data-upload]');
    return items.evaluateAll((all) => all.map((item) => item.getAttribute('title') ?? ''));
  }

  /** How many percent of a file have travelled; 100 when it is not on its way any more. */
  async progress(name: string): Promise<number> {
    const bar = this.main.getByRole('progressbar', { name, exact: true });
    if ((await bar.count()) === 0) return (await this.waiting(name).count()) > 0 ? 0 : 100;
    return Number(await bar.first().getAttribute('aria-valuenow'));
  }

  /** A file that will go with the message. */
  waiting(name: string): Locator {
    return this.main.getByRole('group', { name: new RegExp(`^${name},`) });
  }

  /** A picture in the timeline. */
  picture(name: string): Locator {
    return this.timeline.getByRole('button', { name: words('file.open', { name }), exact: true });
  }

  /** Whether the picture itself has come, and not only its blur. */
  loaded(name: string): Promise<boolean> {
    return this.picture(name)
      .last()
      .locator('img')
      .last()
      .evaluate((image) => image instanceof HTMLImageElement && image.complete && image.naturalWidth > 64);
  }

  get viewer(): Locator {
    return this.dialog(words('file.viewer'));
  }

  // What stands beside the conversation or over it.

  get thread(): Locator {
    return this.page.getByRole('region', { name: words('thread.title') });
  }

  get threadComposer(): Composer {
    return new Composer(this.thread.getByRole('textbox', { name: words('thread.composer') }));
  }

  /** Opens the profile of somebody who has written in the conversation. */
  async profileOf(name: string): Promise<void> {
    await this.timeline.getByRole('button', { name, exact: true }).first().click();
    await this.shows(this.dialog(words('profile.title')));
  }

  get details(): Locator {
    return this.page.getByRole('complementary', { name: words('header.details') }).or(this.dialog());
  }

  async showDetails(tab: keyof typeof TABS): Promise<void> {
    const name = words(TABS[tab]);
    const found = this.details.getByRole('tab', { name, exact: true });
    // The page listens to the keyboard once it stands.
    await this.shows(this.self);
    if (!(await found.isVisible())) await this.page.keyboard.press('Control+.');
    await found.click();
    await this.shows(this.details.getByRole('tabpanel'));
  }

  // By touch.

  /** A finger that moves from one place to another. */
  async swipe(from: Point, to: Point): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: Point[]) =>
      session.send('Input.dispatchTouchEvent', { type, touchPoints: points });
    await touch('touchStart', [from]);
    for (let step = 1; step <= 8; step += 1) {
      const part = (start: number, end: number) => start + ((end - start) * step) / 8;
      await touch('touchMove', [{ x: part(from.x, to.x), y: part(from.y, to.y) }]);
    }
    await touch('touchEnd', []);
    await session.detach();
  }

  /** A finger that stays until something is opened by it. */
  async hold(locator: Locator): Promise<void> {
    const box = await locator.first().boundingBox();
    if (!box) throw new Error('there is nothing to hold a finger on');
    const session = await this.page.context().newCDPSession(this.page);
    const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
    await this.shows(this.dialog());
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await session.detach();
  }

  // The connection.

  /** Said when there is no connection. */
  get trouble(): Locator {
    const texts = ['connection.offline', 'connection.unreachable', 'connection.connecting'] as const;
    return this.page.getByText(new RegExp(texts.map((key) => words(key)).join('|')));
  }

  /** Which of the texts are kept in the browser, wherever. */
  async kept(...texts: readonly string[]): Promise<string[]> {
    const all = await this.page.evaluate(async () => {
      const finished = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.addEventListener('success', () => resolve(request.result));
          request.addEventListener('error', () => reject(request.error ?? new Error('not read')));
        });
      const found: unknown[] = [Object.entries(localStorage), Object.entries(sessionStorage)];
      for (const { name } of await indexedDB.databases()) {
        const database = await finished(indexedDB.open(name ?? ''));
        for (const store of database.objectStoreNames) {
          found.push(await finished(database.transaction(store).objectStore(store).getAll()));
        }
        database.close();
      }
      return JSON.stringify(found);
    });
    return texts.filter((text) => all.includes(text));
  }

  /** Until the browser has everything that it needs to start without a connection. */
  async installed(): Promise<void> {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
  }
}
