// Where we are, for everything that asks `wouter`: its own hook, with `go` for the way, which knows of overlays.

import { matchRoute } from 'wouter';
import { usePathname } from 'wouter/use-browser-location';
import { go } from '@/lib/overlay';

export function useGuardedLocation(): [string, typeof go] {
  return [usePathname(), go];
}

/** The conversation that an address leads to. */
export function conversationAt(path: string): string | null {
  return /^\/c\/(\d+)(\/|$)/.exec(path)?.[1] ?? null;
}

export { matchRoute };
