// What this server is: its name, who may make an account, and whether it has an owner. Remembered, so that the page has
// a title at once and offline.

import { useEffect, useSyncExternalStore } from 'react';
import type { ServerInfo } from '@/protocol.gen';
import { api } from '@/sync';

const key = 'laserchat.server';
let known: ServerInfo | null = null;
let asked = false;
const listeners = new Set<() => void>();

async function ask(): Promise<void> {
  try {
    known = await api.get<ServerInfo>('/server');
    localStorage.setItem(key, known.name);
    listeners.forEach((listener) => listener());
  } catch {
    // Out of reach: whoever needs it asks again with the next page.
    asked = false;
  }
}

export function useServer(): ServerInfo | null {
  useEffect(() => {
    if (asked) return;
    asked = true;
    void ask();
  });
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => known,
  );
}

export function serverName(): string {
  try {
    return known?.name ?? localStorage.getItem(key) ?? 'LaserChat';
  } catch {
    return 'LaserChat';
  }
}
