// @vitest-environment node
// Uploads between tabs and runs: who sends, what is kept, and when a message may leave.

import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { beforeEach, expect, test } from 'vitest';
import type { StoredFile } from '@/lib/file';
import type { Queue } from '../driver/queue';
import { Hub } from '../hub';
import { Refused, offline } from '../refusal';
import { Outbox } from '../state';
import type { Store } from '../store';
import { Desk } from './desk';
import type { Carrier, Sending } from './transfer';
import type { FileWord } from './types';
import { Uploads } from './uploads';

const PATIENCE = 5_000;

async function until(look: () => boolean): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!look()) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
  }
}

/** A server that takes files when a test lets it. */
class Harbour implements Carrier {
  readonly underway = new Map<string, { sending: Sending; end: (thrown?: unknown) => void }>();
  readonly dropped: string[] = [];
  readonly begun: (string | null)[] = [];
  most = 0;

  async send(sending: Sending): Promise<string> {
    this.begun.push(sending.url);
    const url = sending.url ?? `https://chat.example/api/v1/uploads/${sending.name}`;
    sending.begun(url);
    await new Promise<void>((resolve, reject) => {
      const end = (thrown?: unknown) => {
        this.underway.delete(sending.name);
        if (thrown === undefined) resolve();
        else reject(thrown instanceof Error ? thrown : offline());
      };
      this.underway.set(sending.name, { sending, end });
      this.most = Math.max(this.most, this.underway.size);
      sending.signal.addEventListener('abort', () => end(offline()));
    });
    return sending.name;
  }

  async check(id: string): Promise<StoredFile> {
    return {
      id,
      name: id,
      mime: 'image/png',
      size: 3,
      kind: 'image',
      variants: [],
      state: 'ready',
      created_at: '2030-01-01T00:00:00Z',
    };
  }

  async drop(url: string): Promise<void> {
    this.dropped.push(url);
  }
}

/** One tab. */
function tab(harbour: Harbour, leads = true) {
  const hub = new Hub();
  const outbox = new Outbox();
  const said: FileWord[] = [];
  let ready = 0;
  // Only what uploads use of them.
  const store = {
    env: { stored: true, notes: null, random: () => 0.5, now: () => Date.now() },
    hub,
    userId: '1',
    connection: { phase: 'live', since: 0 },
    rest: null,
    changed: () => undefined,
  } as unknown as Store;
  const queue = {
    outbox,
    waitsForFiles: () => outbox.drafts().some(({ files }) => files !== undefined),
    fileReady: (upload: string, fileId: string) => outbox.fileReady(upload, fileId).length > 0,
    fileFailed: (upload: string, problem: { code: string }) => outbox.fileFailed(upload, problem),
  } as unknown as Queue;
  const around = {
    store,
    queue,
    leads: () => leads,
    say: (word: FileWord) => said.push(word),
    ready: () => (ready += 1),
  };
  const front = new Uploads(around);
  const open = () => Desk.open(around, front, harbour);
  return { store, hub, outbox, said, front, open, readies: () => ready };
}

const picked = (name: string) => ({ name, voice: false, blob: new Blob(['abc'], { type: 'image/png' }) });

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

test('two travel at a time, in the order in which they were chosen', async () => {
  const harbour = new Harbour();
  const { front, open } = tab(harbour);
  const desk = await open();
  await desk.attach('9', ['a', 'b', 'c'].map(picked));
  await until(() => harbour.underway.size === 2);
  expect([...harbour.underway.keys()]).toEqual(['a', 'b']);
  harbour.underway.get('a')?.end();
  await until(() => harbour.underway.has('c'));
  harbour.underway.get('b')?.end();
  harbour.underway.get('c')?.end();
  await until(() => front.at('9').every(({ status }) => status === 'ready'));
  expect(harbour.most).toBe(2);
  desk.stop();
});

test('a message leaves when its files are there, and lets go of them when it has gone', async () => {
  const harbour = new Harbour();
  const { front, open, outbox, readies } = tab(harbour);
  const desk = await open();
  const [upload] = await desk.attach('9', [picked('a')]);
  const id = upload?.id ?? '';
  outbox.push({ client_id: 'm-1', conversation_id: '9', body: '' }, 1, [{ upload: id, fileId: null }]);
  desk.move([id], 'm-1');
  desk.settle();
  expect(outbox.due(2)).toEqual([]);
  await until(() => harbour.underway.has('a'));
  harbour.underway.get('a')?.end();
  await until(() => readies() > 0);
  expect(outbox.due(2).map(({ files }) => files)).toEqual([['a']]);
  outbox.acknowledged('m-1');
  desk.settle();
  expect(front.at('m-1')).toEqual([]);
  // It belongs to the message now.
  expect(harbour.dropped).toEqual([]);
  desk.stop();
});

test('the next run goes on where the last one was', async () => {
  const harbour = new Harbour();
  const first = tab(harbour);
  const desk = await first.open();
  await desk.attach('9', [picked('a')]);
  await until(() => harbour.underway.has('a'));
  desk.stop();
  const second = tab(harbour);
  const again = await second.open();
  expect(second.front.at('9').map(({ name }) => name)).toEqual(['a']);
  await until(() => harbour.underway.has('a') && harbour.begun.length === 2);
  expect(harbour.begun).toEqual([null, 'https://chat.example/api/v1/uploads/a']);
  const { sending } = harbour.underway.get('a') ?? {};
  expect(await sending?.blob.text()).toBe('abc');
  again.stop();
});

test('what is refused for good fails its message, and trying again tries both', async () => {
  const harbour = new Harbour();
  const { front, open, outbox } = tab(harbour);
  const desk = await open();
  const [upload] = await desk.attach('9', [picked('a')]);
  const id = upload?.id ?? '';
  outbox.push({ client_id: 'm-1', conversation_id: '9', body: '' }, 1, [{ upload: id, fileId: null }]);
  desk.move([id], 'm-1');
  await until(() => harbour.underway.has('a'));
  harbour.underway.get('a')?.end(new Refused({ code: 'quota_exceeded', status: 413 }));
  await until(() => outbox.get('m-1')?.status.is === 'failed');
  outbox.retry('m-1');
  desk.settle();
  await until(() => harbour.underway.has('a'));
  harbour.underway.get('a')?.end();
  await until(() => outbox.due(2).length === 1);
  expect(front.at('m-1').map(({ status }) => status)).toEqual(['ready']);
  desk.stop();
});

test('what was paused waits, what was taken away is taken back from the server', async () => {
  const harbour = new Harbour();
  const { front, open } = tab(harbour);
  const desk = await open();
  const [upload] = await desk.attach('9', [picked('a')]);
  const id = upload?.id ?? '';
  await until(() => harbour.underway.has('a'));
  desk.pause(id);
  expect(front.at('9')[0]?.status).toBe('paused');
  await until(() => harbour.underway.size === 0);
  desk.resume(id);
  await until(() => harbour.underway.has('a'));
  desk.detach(id);
  expect(front.at('9')).toEqual([]);
  await until(() => harbour.dropped.length === 1);
  expect(harbour.dropped).toEqual(['https://chat.example/api/v1/uploads/a']);
  desk.stop();
});

test('a tab that follows tells the leader, and shows what it wishes at once', async () => {
  const harbour = new Harbour();
  const { front, open, said } = tab(harbour, false);
  const desk = await open();
  const [first] = await desk.attach('9', [picked('a')]);
  const id = first?.id ?? '';
  expect(said.at(-1)).toMatchObject({ is: 'upload', upload: { id, place: '9' }, blob: null });
  desk.move([id], 'm-1');
  // The leader has not heard of it yet.
  desk.hear({ is: 'uploads', uploads: first === undefined ? [] : [first] });
  expect(front.at('m-1').map((upload) => upload.id)).toEqual([id]);
  expect(said.filter(({ is }) => is === 'upload-wanted')).toHaveLength(2);
  expect(harbour.underway.size).toBe(0);
  desk.stop();
});
