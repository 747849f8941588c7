// What is left of an account that was half forgotten goes at the next start, unless somebody signs in.

import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { beforeEach, expect, test } from 'vitest';
import { browserEnv } from '../env';
import { sweep } from './leftover';

const names = async () => (await indexedDB.databases()).map(({ name }) => name ?? '').toSorted();

beforeEach(async () => {
  for (const name of ['laserchat', 'laserchat-7', 'laserchat-7-files', 'laserchat-leases', 'elsewhere'])
    (await openDB(name, 1)).close();
  localStorage.setItem('laserchat-draft-7-1', 'begun');
});

test('where nobody is signed in, the databases and drafts of accounts go, and nothing else', async () => {
  await sweep(browserEnv(), async () => true);
  expect(await names()).toEqual(['elsewhere', 'laserchat', 'laserchat-leases']);
  expect(localStorage.getItem('laserchat-draft-7-1')).toBeNull();
});

test('somebody who signs in meanwhile keeps everything', async () => {
  await sweep(browserEnv(), async () => false);
  expect(await names()).toContain('laserchat-7');
  expect(localStorage.getItem('laserchat-draft-7-1')).toBe('begun');
});
