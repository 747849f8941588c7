// The service worker answers for the app's files and leaves the server's own alone.

import { expect, test } from 'vitest';
import { handles, stale } from './rules';

const origin = 'https://chat.example.org';
const asked = (path: string, mode: RequestMode = 'cors', method = 'GET') =>
  handles(method, new URL(path, origin), origin, mode);

test('pages and files are answered', () => {
  expect(asked('/c/12?at=4', 'navigate')).toBe(true);
  expect(asked('/', 'navigate')).toBe(true);
  expect(asked('/assets/index-Bx1.js')).toBe(true);
  expect(asked('/icon-192.png')).toBe(true);
});

test.each([
  ['/api/v1/server', 'cors', 'GET'],
  ['/api/docs', 'navigate', 'GET'],
  ['/metrics', 'navigate', 'GET'],
  ['/healthz', 'cors', 'GET'],
  ['/assets/index.js', 'cors', 'POST'],
  ['https://elsewhere.example/assets/index.js', 'cors', 'GET'],
  ['/manifest.webmanifest', 'cors', 'GET'],
] as const)('%s (%s, %s) is not', (path, mode, method) => {
  expect(asked(path, mode, method)).toBe(false);
});

test('a page whose name only begins like one of the server’s is answered', () => {
  expect(asked('/apiary', 'navigate')).toBe(true);
});

test('the present version and the one before it stay', () => {
  expect(stale(['a', 'b', 'c', 'now'], 'now')).toEqual(['a', 'b']);
  expect(stale(['before', 'now'], 'now')).toEqual([]);
  expect(stale(['now'], 'now')).toEqual([]);
});
