// Voice messages: recorded, heard before they are sent, sent, and played.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message, Page } from '@/protocol.gen';
import { App } from '../harness/app';
import { flaws } from '../harness/axe';
import { device, launch, signIn } from '../harness/browser';
import { stage } from '../harness/stage';
import { words } from '../harness/words';

const play = stage();
/** Has a microphone that beeps. */
let browser: Browser;

beforeAll(async () => {
  browser = await launch(process.env, ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']);
});
afterAll(() => browser.close());

async function pair(name: string, theme: 'light' | 'dark' = 'light') {
  const [ada, ben] = [await play.person('Ada'), await play.person('Ben')];
  const group = await ada.group(name, ben);
  const context = await device(browser, play.server, { theme });
  const app = new App(await signIn(context, ada));
  await app.open(name);
  const sent = async () => {
    const page = await ben.call<Page<Message>>('GET', `/conversations/${group.id}/messages?limit=50`);
    return page.items.filter(({ type }) => type === 'text');
  };
  return { ada, ben, group, app, context, sent };
}

test('a voice is recorded, heard, and sent; what was written stays', async () => {
  const { app, ben, sent } = await pair('Voices');
  await app.button('composer.record').click();
  await app.shows(app.says(words('file.recordingNow')));
  await expect.poll(() => app.says(/^0:0[1-9]$/).count()).toBeGreaterThan(0);
  await app.button('file.stopRecording').click();
  await app.button('file.play').click();
  await app.shows(app.button('file.pause'));
  expect(await flaws(app.page)).toEqual([]);
  await app.button('file.sendVoice').click();
  await expect.poll(async () => (await sent()).length).toBe(1);
  const [message] = await sent();
  expect(message?.body).toBe('');
  expect(message?.attachments.map(({ kind, voice }) => ({ kind, voice }))).toEqual([{ kind: 'audio', voice: true }]);

  const other = await play.app(ben);
  await other.open('Voices');
  const voice = other.timeline.getByRole('group', { name: words('file.voiceName') });
  await other.shows(voice);
  await voice.getByRole('button', { name: words('file.speed', { speed: 1 }) }).click();
  await other.shows(voice.getByRole('button', { name: words('file.speed', { speed: 1.5 }) }));
  await voice.getByRole('button', { name: words('file.play') }).click();
  // It is short, so what tells that it played is that its end was reached.
  await expect
    .poll(() => voice.locator('audio').evaluate((audio: HTMLAudioElement) => audio.currentTime > 0 || audio.ended))
    .toBe(true);
  expect(await flaws(other.page)).toEqual([]);
});

test('a recording can be thrown away', async () => {
  const { app, sent } = await pair('Thrown');
  await app.composer.fill('draft');
  await app.composer.fill('');
  await app.button('composer.record').click();
  await app.shows(app.says(words('file.recordingNow')));
  await app.button('file.discardVoice').click();
  await app.composer.send('words');
  await expect.poll(async () => (await sent()).map(({ body }) => body)).toEqual(['words']);
});

test('without permission it says how to give it, and lets one write on', async () => {
  const ada = await play.person('Ada');
  await ada.group('Silent');
  // This browser asks, and nobody answers with yes.
  const context = await play.device();
  await context.clearPermissions();
  const app = await play.appOn(context, ada);
  await app.open('Silent');
  await app.page.evaluate(() => {
    const refused = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    Object.defineProperty(navigator.mediaDevices, 'getUserMedia', { value: refused });
  });
  await app.button('composer.record').click();
  await app.shows(app.says(words('file.noPermission')));
  await app.button('common.close').click();
  await app.composer.send('still here');
  await app.delivered('still here');
});
