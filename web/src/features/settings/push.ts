// Web Push in this browser: asking for it, telling the server where it is reached, and ending it. The browser may drop
// or replace a subscription by itself, so what the server has is compared with it at every start.

import type { Page, PushDevice, ServerInfo } from '@/protocol.gen';
import { api } from '@/sync';

/** `install`: only the installed app can take pushes here. */
export type PushState = 'missing' | 'install' | 'denied' | 'off' | 'on';

/** That somebody turned it on in this browser, so that it is renewed and never begun by itself. */
const wanted = 'laserchat.push';

function isApple(): boolean {
  // An iPad says that it is a Mac; no Mac has a touch screen.
  return (
    /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)
  );
}

function possible(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
}

async function subscription(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) ?? null;
}

export async function pushState(): Promise<PushState> {
  if (!possible()) return isApple() ? 'install' : 'missing';
  if (Notification.permission === 'denied') return 'denied';
  return (await subscription()) && Notification.permission === 'granted' ? 'on' : 'off';
}

/** The address by which the list of devices knows this one. */
export async function ownEndpoint(): Promise<string | null> {
  return possible() ? ((await subscription())?.endpoint ?? null) : null;
}

export function keyBytes(key: string): Uint8Array<ArrayBuffer> {
  const text = atob(key.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function same(one: ArrayBuffer | null, other: Uint8Array): boolean {
  if (!one || one.byteLength !== other.byteLength) return false;
  return new Uint8Array(one).every((byte, at) => byte === other[at]);
}

/** Subscribes with the server's key, anew if the key is another one than before. */
async function subscribed(key: string): Promise<PushSubscription> {
  const { pushManager } = await navigator.serviceWorker.ready;
  const bytes = keyBytes(key);
  const before = await pushManager.getSubscription();
  if (before && same(before.options.applicationServerKey, bytes)) return before;
  await before?.unsubscribe();
  return await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes });
}

/** What the server is told: `toJSON` spells the keys as it takes them. */
async function register(found: PushSubscription): Promise<PushDevice> {
  const { endpoint, keys } = found.toJSON();
  return await api.post<PushDevice>('/me/devices', { kind: 'web', endpoint, keys });
}

async function serverKey(): Promise<string | undefined> {
  return (await api.get<ServerInfo>('/server')).vapid_key;
}

/** Turns it on. Called by a press of a button, because browsers ask for permission only then. */
export async function turnOn(): Promise<PushState> {
  if ((await Notification.requestPermission()) !== 'granted') return await pushState();
  const key = await serverKey();
  if (!key) return 'missing';
  await register(await subscribed(key));
  localStorage.setItem(wanted, '1');
  return 'on';
}

/** Turns it off here, and takes the device from the server's list. */
export async function turnOff(): Promise<void> {
  localStorage.removeItem(wanted);
  const found = await subscription();
  if (!found) return;
  const { items } = await api.get<Page<PushDevice>>('/me/devices');
  const own = items.find(({ endpoint }) => endpoint === found.endpoint);
  await found.unsubscribe();
  if (own) await api.delete(`/me/devices/${own.id}`);
}

/** At the start: renews what the browser has dropped and tells the server of what it does not know. */
export async function renew(): Promise<void> {
  if (!possible() || Notification.permission !== 'granted' || localStorage.getItem(wanted) === null) return;
  const key = await serverKey();
  if (!key) return;
  const found = await subscribed(key);
  const { items } = await api.get<Page<PushDevice>>('/me/devices');
  if (!items.some(({ endpoint }) => endpoint === found.endpoint)) await register(found);
}

/** Whoever signs out is not told of anything here any more; the server forgets the device with the session. */
export async function forget(): Promise<void> {
  localStorage.removeItem(wanted);
  if (!possible()) return;
  await (await subscription())?.unsubscribe();
  const registration = await navigator.serviceWorker.getRegistration();
  for (const shown of (await registration?.getNotifications()) ?? []) shown.close();
}
