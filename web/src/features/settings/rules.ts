// What one wants to be told of, as the server keeps it for all devices. It is shown on the page of settings, and decides
// here which desktop notifications an open tab shows.

import { useSyncExternalStore } from 'react';
import type { NotificationSettings } from '@/protocol.gen';
import { api } from '@/sync';

/** What is absent stays; null ends the quiet hours. */
export type RuleChange = Partial<Omit<NotificationSettings, 'version'>>;

let held: NotificationSettings | null = null;
let problem: unknown = null;
const listeners = new Set<() => void>();

function tell(): void {
  listeners.forEach((listener) => listener());
}

function take(next: NotificationSettings): void {
  // Answers may cross; the newer one holds.
  if (held && next.version < held.version) return;
  held = next;
  problem = null;
  tell();
}

export function rules(): NotificationSettings | null {
  return held;
}

/** Asks the server; what was known stays while it cannot be reached. */
export async function loadRules(): Promise<void> {
  try {
    take(await api.get<NotificationSettings>('/me/notifications'));
  } catch (thrown) {
    problem = thrown;
    tell();
  }
}

/** Shown at once, and taken back when it is refused. */
export async function changeRules(change: RuleChange): Promise<void> {
  const before = held;
  if (before) {
    held = { ...before, ...change };
    tell();
  }
  try {
    take(await api.put<NotificationSettings>('/me/notifications', change));
  } catch (thrown) {
    held = before;
    tell();
    throw thrown;
  }
}

/** Somebody else may sign in here next. */
export function forgetRules(): void {
  held = null;
  problem = null;
  tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useRules(): NotificationSettings | null {
  return useSyncExternalStore(subscribe, rules);
}

export function useRulesProblem(): unknown {
  return useSyncExternalStore(subscribe, () => problem);
}
