// A real browser: Debian's Chromium, driven as a person drives it. What is pressed is found by its name, which is what
// people and screen readers find it by.

import { setTimeout } from 'node:timers/promises';
import { chromium, devices, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { PATIENCE, type Server } from './server';
import type { Person } from './person';

export const screens = {
  phone: {
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
    userAgent: devices['Pixel 7']?.userAgent,
  },
  laptop: { viewport: { width: 1280, height: 800 } },
  tv: {
    viewport: { width: 1920, height: 1080 },
    userAgent:
      'Mozilla/5.0 (SMART-TV; Linux; Tizen 8.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 TV Safari/537.36',
  },
} as const;

export type Screen = keyof typeof screens;

/** `more`: arguments of the browser that only some tests need, such as a microphone. */
export function launch(env: NodeJS.ProcessEnv = process.env, more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    env: Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // The browser asks nobody outside: what it does by itself in the background would fail here, slowly.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
}

export interface Place {
  screen?: Screen;
  theme?: 'light' | 'dark';
  locale?: string;
  /** `Europe/Berlin`, or `GMT-05:17:33` to have midnight when a test needs it. */
  timeZone?: string;
}

/** A browser profile of its own: another device. */
export async function device(browser: Browser, server: Server, place: Place = {}): Promise<BrowserContext> {
  const { userAgent, ...screen } = { userAgent: undefined, ...screens[place.screen ?? 'laptop'] };
  const context = await browser.newContext({
    ...screen,
    ...(userAgent && { userAgent }),
    baseURL: server.url,
    colorScheme: place.theme ?? 'light',
    locale: place.locale ?? 'en-GB',
    reducedMotion: 'reduce',
    ...(place.timeZone && { timezoneId: place.timeZone }),
  });
  context.setDefaultTimeout(PATIENCE);
  await shuffleAnswers(context);
  return context;
}

/**
 * Hunts for races: with `LASERCHAT_JITTER=500` each answer of the server comes up to so many milliseconds late, so that
 * answers overtake each other and what the socket brings.
 */
async function shuffleAnswers(context: BrowserContext): Promise<void> {
  const longest = Number(process.env.LASERCHAT_JITTER ?? 0);
  if (longest === 0) return;
  await context.route('**/api/**', async (route) => {
    await setTimeout(Math.random() * longest);
    // The page may have gone meanwhile.
    await route.continue().catch(() => {});
  });
}

/** Signs in through the page, as people do. */
export async function signIn(context: BrowserContext, person: Person, path = '/'): Promise<Page> {
  const page = await context.newPage();
  watch(page);
  await page.goto('/sign-in');
  await page.locator('input[autocomplete="username"]').fill(person.username);
  await page.locator('input[autocomplete="current-password"]').fill(person.password);
  await page.locator('button[type="submit"]').click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'), { waitUntil: 'commit' });
  if (path !== '/') await page.goto(path);
  return page;
}

const broken = new WeakMap<Page, string[]>();

/** Collects what must never happen: exceptions nobody caught, and what the content security policy refused. */
export function watch(page: Page): void {
  const problems: string[] = [];
  broken.set(page, problems);
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) problems.push(message.text());
  });
}

export function problems(page: Page): readonly string[] {
  return broken.get(page) ?? [];
}
