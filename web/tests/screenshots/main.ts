// `cargo xtask screenshots`: the main pages as people see them, on a phone, a laptop and a television, light and dark, from
// left to right and from right to left. They go to `docs/screenshots`, where the README shows them; names on the command
// line choose some of them.

import type { Browser } from 'playwright-core';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { App } from '../harness/app';
import { device, launch, signIn, type Place } from '../harness/browser';
import { Server } from '../harness/server';
import { found, type Community } from './community';
import { fonts } from './fonts';
import { draw } from './pictures';

const folder = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url));

interface Shot {
  name: string;
  place: Place;
  path: (community: Community) => string;
  /** What is done on the page before the picture is taken. */
  before?: (app: App) => Promise<void>;
  /** Nobody is signed in. */
  stranger?: boolean;
}

const conversation = ({ launch }: Community) => `/c/${launch.id}`;
const thread = ({ launch, thread }: Community) => `/c/${launch.id}/t/${thread.id}`;
const press = (keys: string) => async (app: App) => app.page.keyboard.press(keys);

const shots: readonly Shot[] = [
  { name: 'laptop-conversation-light', place: {}, path: thread },
  { name: 'laptop-conversation-dark', place: { theme: 'dark' }, path: conversation },
  { name: 'laptop-arabic', place: { locale: 'ar' }, path: thread },
  { name: 'laptop-switcher', place: {}, path: conversation, before: press('Control+k') },
  { name: 'laptop-sign-in', place: {}, path: () => '/sign-in', stranger: true },
  { name: 'laptop-settings-dark', place: { theme: 'dark' }, path: () => '/settings/appearance' },
  { name: 'laptop-admin', place: {}, path: () => '/admin/users' },
  { name: 'laptop-contacts', place: {}, path: () => '/contacts' },
  {
    name: 'laptop-files',
    place: {},
    path: ({ design }) => `/c/${design.id}`,
    before: async (app) => {
      await app.shows(app.composer.box);
      await app.showDetails('files');
      await app.shows(app.details.locator('img'));
    },
  },
  { name: 'laptop-search-dark', place: { theme: 'dark' }, path: () => '/search?q=page' },
  { name: 'laptop-scheduled', place: {}, path: () => '/later/scheduled' },
  { name: 'laptop-poll', place: {}, path: ({ lunch }) => `/c/${lunch.id}` },
  { name: 'phone-list-light', place: { screen: 'phone' }, path: () => '/' },
  { name: 'phone-conversation-light', place: { screen: 'phone' }, path: conversation },
  { name: 'phone-conversation-dark', place: { screen: 'phone', theme: 'dark' }, path: conversation },
  { name: 'phone-arabic', place: { screen: 'phone', locale: 'ar', theme: 'dark' }, path: () => '/' },
  { name: 'tv-conversation-dark', place: { screen: 'tv', theme: 'dark' }, path: conversation },
];

export async function main(): Promise<void> {
  const wanted = process.argv.slice(3);
  await mkdir(folder, { recursive: true });
  const server = await Server.start();
  const browser = await launch(await fonts());
  try {
    const community = await found(server, await draw(browser));
    for (const shot of shots) {
      if (wanted.length > 0 && !wanted.includes(shot.name)) continue;
      await take(browser, server, community, shot);
      process.stdout.write(`docs/screenshots/${shot.name}.png\n`);
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

async function take(browser: Browser, server: Server, community: Community, shot: Shot): Promise<void> {
  const context = await device(browser, server, shot.place);
  const page = shot.stranger ? await context.newPage() : await signIn(context, community.me);
  await page.goto(shot.path(community));
  const app = new App(page);
  await shot.before?.(app);
  // Whatever is still being loaded says so; then everything has its place.
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
  await page.screenshot({ path: `${folder}${shot.name}.png`, animations: 'disabled' });
  await context.close();
}
