// What a push becomes, apart from how it is shown. The server says in each push what it is about; nothing is asked back,
// so that it works with the app closed and also when the session's token has ended.

export interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly icon: string;
  /** Where a press on it leads. */
  readonly path: string;
  /** The place it is about; a test is about none. */
  readonly place: Place | null;
}

export interface Place {
  readonly conversationId: string;
  readonly seq: number;
}

export type Act = { readonly kind: 'show'; readonly shown: Shown } | { readonly kind: 'close'; readonly upTo: Place };

const ICON = '/icon-192.png';

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback;
}

function placeOf(payload: Record<string, unknown>): Place | null {
  const { conversation_id: id, seq } = payload;
  return typeof id === 'string' && /^\d+$/.test(id) && typeof seq === 'number' ? { conversationId: id, seq } : null;
}

/** A picture of this server, and of no other: looking at it must not tell a stranger that one was notified. */
function iconOf(icon: unknown): string {
  return typeof icon === 'string' && /^\/(?!\/)/.test(icon) ? icon : ICON;
}

/** What cannot be understood, such as what a newer server sends, still says that there is something. */
export function actOf(payload: unknown): Act {
  const known = isRecord(payload) ? payload : {};
  const place = placeOf(known);
  if (known.type === 'read' && place) return { kind: 'close', upTo: place };
  return {
    kind: 'show',
    shown: {
      title: text(known.title, 'LaserChat'),
      body: text(known.body, ''),
      tag: text(known.tag, 'laserchat'),
      icon: iconOf(known.icon),
      path: place ? `/c/${place.conversationId}?at=${place.seq}` : '/',
      place,
    },
  };
}

/** What is kept with a notification, to find it again. */
export function dataOf({ path, place }: Shown): { path: string; place: Place | null } {
  return { path, place };
}

export function pathIn(data: unknown): string {
  return isRecord(data) && typeof data.path === 'string' && /^\/(?!\/)/.test(data.path) ? data.path : '/';
}

/** Whether a notification is of something that was read meanwhile. */
export function isRead(data: unknown, upTo: Place): boolean {
  if (!isRecord(data) || !isRecord(data.place)) return false;
  const { conversationId, seq } = data.place;
  return conversationId === upTo.conversationId && typeof seq === 'number' && seq <= upTo.seq;
}

export interface Tab {
  readonly url: string;
  readonly visibilityState: string;
  readonly focused: boolean;
}

/** Whether somebody looks at the conversation at this moment: then it needs no notification. */
export function isLookedAt(tabs: readonly Tab[], place: Place | null): boolean {
  if (!place) return false;
  return tabs.some(({ url, visibilityState, focused }) => {
    if (!focused || visibilityState !== 'visible') return false;
    const [, id] = /^\/c\/(\d+)(?:\/|$)/.exec(new URL(url).pathname) ?? [];
    return id === place.conversationId;
  });
}
