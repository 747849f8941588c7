// The one instance of this tab, made when the app starts.

import type { Env } from './env';
import { browserEnv } from './env';
import { Sync } from './sync';

let instance: Sync | null = null;

export function sync(): Sync {
  instance ??= new Sync(browserEnv());
  return instance;
}

/** Starts sync in this tab. A test may give it another environment, and gets a new instance. */
export async function start(env?: Env): Promise<void> {
  if (env !== undefined) instance = new Sync(env);
  await sync().start();
}

export async function stop(): Promise<void> {
  const stopped = instance;
  instance = null;
  await stopped?.stop();
}
