// What a file of tests plays on: one server and one browser for all of it, people who are new in each test, and an end of
// each test that looks whether anything went wrong unnoticed on any page.

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { App } from './app';
import { device, launch, problems, signIn, watch, type Place } from './browser';
import { Person } from './person';
import { Server, type Options } from './server';

export class Stage {
  constructor(private readonly options: Options) {}

  private running: { server: Server; browser: Browser } | null = null;
  private contexts: BrowserContext[] = [];
  private people = 100;

  get server(): Server {
    return this.present.server;
  }

  get browser(): Browser {
    return this.present.browser;
  }

  /** The server's owner, for tests that need one. */
  owner: Person | null = null;

  private get present() {
    if (!this.running) throw new Error('the stage is not set up yet');
    return this.running;
  }

  async open(): Promise<void> {
    const [server, browser] = await Promise.all([Server.start(this.options), launch()]);
    this.running = { server, browser };
    this.owner = await Person.register(server, 'olive', 'Olive Owner', server.ownerCode ?? undefined);
  }

  async close(): Promise<void> {
    await this.running?.browser.close();
    await this.running?.server.close();
    this.running = null;
  }

  /** Somebody new, whose name nobody else on this server has. */
  person(name: string): Promise<Person> {
    this.people += 1;
    return Person.register(this.server, `${name.toLowerCase()}${this.people}`, `${name} ${this.people}`);
  }

  /** A device of nobody yet. */
  async device(place: Place = {}): Promise<BrowserContext> {
    const context = await device(this.browser, this.server, place);
    this.contexts.push(context);
    return context;
  }

  /** An empty tab on a device, watched. */
  async tab(context: BrowserContext): Promise<App> {
    const page = await context.newPage();
    watch(page);
    return new App(page);
  }

  /** A person before that device, signed in. */
  async appOn(context: BrowserContext, person: Person, path = '/'): Promise<App> {
    return new App(await signIn(context, person, path));
  }

  /** A person before a device of their own, signed in. */
  async app(person: Person, place: Place = {}, path = '/'): Promise<App> {
    return this.appOn(await this.device(place), person, path);
  }

  /** What each open page looks like, for whoever wants to know why a test failed. */
  async photograph(name: string): Promise<void> {
    const pages = this.contexts.flatMap((context) => context.pages());
    const file = (index: number) => join(tmpdir(), 'laserchat-failed', `${name.replace(/\W+/g, '-')}-${index + 1}.png`);
    // A page that cannot be photographed any more is not what the test is about.
    await Promise.allSettled(pages.map((page, index) => page.screenshot({ path: file(index), timeout: 5000 })));
  }

  /** Closes everything that a test opened, and returns what went wrong on its pages without the test's notice. */
  async clear(): Promise<string[]> {
    const pages: Page[] = this.contexts.flatMap((context) => context.pages());
    const found = pages.flatMap((page) => problems(page));
    await Promise.all(this.contexts.map((context) => context.close()));
    this.contexts = [];
    return found;
  }
}

/** Sets the stage for the tests of a file. */
export function stage(options: Options = {}): Stage {
  const stage = new Stage(options);
  beforeAll(() => stage.open());
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await stage.photograph(task.name);
    expect(await stage.clear()).toEqual([]);
  });
  afterAll(() => stage.close());
  return stage;
}
