// How the list is laid out: which conversation stands in which section, and what of it is to be seen.

import type { ConversationEntry } from '@/sync';

export const sections = ['favourites', 'direct', 'groups', 'channels', 'archived'] as const;
export type Section = (typeof sections)[number];

export type Row =
  | {
      readonly key: Section;
      readonly kind: 'section';
      readonly section: Section;
      readonly open: boolean;
      readonly unread: number;
    }
  | { readonly key: string; readonly kind: 'entry'; readonly section: Section; readonly entry: ConversationEntry };

export interface Layout {
  readonly closed: ReadonlySet<Section>;
  /** The conversation that is open is to be seen even in a closed section. */
  readonly current: string | null;
  /** Says which conversations to show; then sections do not matter. */
  readonly filter: ((entry: ConversationEntry) => boolean) | null;
  /** Something is being dragged: favourites are shown even if there are none, as a place to drop it. */
  readonly dragging: boolean;
}

export function sectionOf({ conversation, membership }: ConversationEntry): Section {
  if (conversation.archived_at) return 'archived';
  if (membership.favourite) return 'favourites';
  return ({ direct: 'direct', group: 'groups', channel: 'channels' } as const)[conversation.type];
}

export function isMuted({ membership }: ConversationEntry, now = Date.now()): boolean {
  const until = membership.notifications_muted_until;
  return until ? new Date(until).getTime() > now : false;
}

/** What of it waits to be seen: in a muted conversation only what is meant for oneself. */
export function waiting(entry: ConversationEntry, now = Date.now()): number {
  return isMuted(entry, now) || entry.conversation.archived_at ? entry.mentions : entry.unread;
}

/** The order within a section is the list's: the most recently active first. */
export function layOut(entries: readonly ConversationEntry[], layout: Layout): Row[] {
  const groups = new Map<Section, ConversationEntry[]>(sections.map((section) => [section, []]));
  for (const entry of entries) {
    if (!layout.filter || layout.filter(entry)) groups.get(sectionOf(entry))?.push(entry);
  }
  const now = Date.now();
  const rows: Row[] = [];
  for (const [section, members] of groups) {
    if (members.length === 0 && !(section === 'favourites' && layout.dragging)) continue;
    const open = layout.filter !== null || !layout.closed.has(section);
    const unread = members.reduce((sum, entry) => sum + waiting(entry, now), 0);
    rows.push({ key: section, kind: 'section', section, open, unread });
    for (const entry of members) {
      const { id } = entry.conversation;
      if (open || id === layout.current) rows.push({ key: id, kind: 'entry', section, entry });
    }
  }
  return rows;
}

const key = 'laserchat.sections';

/** Which sections are closed, as remembered in this browser. Archived ones are, until somebody opens them. */
export function closedSections(): Set<Section> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '["archived"]');
    return new Set(Array.isArray(stored) ? sections.filter((section) => stored.includes(section)) : []);
  } catch {
    return new Set(['archived']);
  }
}

export function rememberClosed(closed: ReadonlySet<Section>): void {
  try {
    localStorage.setItem(key, JSON.stringify([...closed]));
  } catch {
    // Without storage it is forgotten with the page.
  }
}
