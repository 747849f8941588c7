// How much JavaScript there is, compressed as the server hands it out to browsers that know nothing better than gzip.

import type { Page } from 'playwright-core';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

/** Every script that was built, whoever loads it and when. */
export async function everything(): Promise<number> {
  const files = await readdir(dist, { recursive: true });
  const scripts = await Promise.all(files.filter((name) => name.endsWith('.js')).map((name) => readFile(dist + name)));
  return scripts.reduce((sum, script) => sum + compressed(script), 0);
}

/** Counts the scripts that a page loads, from now until it is asked. */
export function countScripts(page: Page): () => Promise<number> {
  const loaded: Promise<number>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return;
    loaded.push(response.body().then(compressed));
  });
  return async () => {
    const until = [...loaded];
    return (await Promise.all(until)).reduce((sum, bytes) => sum + bytes, 0);
  };
}

function compressed(script: Buffer): number {
  return gzipSync(script, { level: 9 }).length;
}
