// The keyboard shortcuts that hold on every page, and the one place that listens for all of them.

import { go, openOverlay } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { addShortcuts, matches, shortcuts, type Shortcut } from '@/lib/shortcuts';
import { actions, type ConversationEntry } from '@/sync';
import { conversationAt } from './router';

/** What the shortcuts need to know of the page, read when one is pressed. */
export interface Scene {
  /** As the list shows them. */
  readonly entries: readonly ConversationEntry[];
}

/** The next conversation from the open one; round and round. */
export function neighbour(
  entries: readonly ConversationEntry[],
  current: string | null,
  step: 1 | -1,
  wanted: (entry: ConversationEntry) => boolean = () => true,
): ConversationEntry | undefined {
  const at = entries.findIndex((entry) => entry.conversation.id === current);
  const start = at < 0 && step < 0 ? 0 : at;
  for (let distance = 1; distance <= entries.length; distance += 1) {
    const entry = entries[(start + step * distance + entries.length * 2) % entries.length];
    if (entry && entry.conversation.id !== current && wanted(entry)) return entry;
  }
  return undefined;
}

/** From one part of the page to the next: list, content, composer. */
function nextRegion(): void {
  const regions = ['#conversations', '#content', '#content textarea, #content [contenteditable="true"]', '#pane']
    .map((selector) => document.querySelector<HTMLElement>(selector))
    .filter((region) => region?.checkVisibility());
  const at = regions.findLastIndex((region) => region?.contains(document.activeElement));
  const next = regions[(at + 1) % regions.length];
  const stop = next?.querySelector<HTMLElement>('[data-row][tabindex="0"]');
  (stop ?? next)?.focus();
}

function details(): void {
  const conversationId = conversationAt(location.pathname);
  if (conversationId) openOverlay({ kind: 'details', conversationId });
}

function search(): void {
  go(paths.search());
}

export function pageShortcuts(scene: () => Scene): readonly Shortcut[] {
  const move = (step: 1 | -1, unread: boolean) => {
    const wanted = unread ? (entry: ConversationEntry) => entry.unread > 0 : undefined;
    const next = neighbour(scene().entries, conversationAt(location.pathname), step, wanted);
    if (next) go(paths.conversation(next.conversation.id));
  };
  return [
    { keys: 'Mod+k', label: 'shortcuts.switcher', group: 'go', run: () => openOverlay({ kind: 'switcher' }) },
    { keys: 'Mod+Shift+f', label: 'shortcuts.search', group: 'go', run: search },
    { keys: 'Alt+ArrowUp', label: 'shortcuts.previous', group: 'go', run: () => move(-1, false) },
    { keys: 'Alt+ArrowDown', label: 'shortcuts.next', group: 'go', run: () => move(1, false) },
    { keys: 'Alt+Shift+ArrowUp', label: 'shortcuts.previousUnread', group: 'go', run: () => move(-1, true) },
    { keys: 'Alt+Shift+ArrowDown', label: 'shortcuts.nextUnread', group: 'go', run: () => move(1, true) },
    { keys: 'F6', label: 'shortcuts.regions', group: 'go', run: nextRegion },
    { keys: 'Mod+.', label: 'shortcuts.details', group: 'go', run: details },
    { keys: 'Mod+,', label: 'shortcuts.settings', group: 'go', run: () => go(paths.settings()) },
    { keys: 'Escape', label: 'shortcuts.close', group: 'go' },
    {
      keys: 'Shift+Escape',
      label: 'shortcuts.markAllRead',
      group: 'go',
      run: () => {
        for (const { unread, conversation } of scene().entries) if (unread > 0) actions.markRead(conversation.id);
      },
    },
    { keys: 'Alt+n', label: 'shortcuts.newMessage', group: 'make', run: () => openOverlay({ kind: 'new-message' }) },
    { keys: 'Alt+b', label: 'shortcuts.browse', group: 'make', run: () => openOverlay({ kind: 'browse-channels' }) },
    { keys: 'Enter', label: 'shortcuts.send', group: 'write' },
    { keys: 'Shift+Enter', label: 'shortcuts.newLine', group: 'write' },
    { keys: 'ArrowUp', label: 'shortcuts.editLast', group: 'write' },
    { keys: 'Mod+b', label: 'shortcuts.bold', group: 'write' },
    { keys: 'Mod+i', label: 'shortcuts.italic', group: 'write' },
    { keys: '?', label: 'shortcuts.sheet', group: 'help', run: () => openOverlay({ kind: 'shortcuts' }) },
    { keys: 'Mod+/', label: 'shortcuts.sheet', group: 'help', run: () => openOverlay({ kind: 'shortcuts' }) },
  ];
}

function writing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || (target.matches('input, textarea, select') && !target.matches('[type="checkbox"]')))
  );
}

function inDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
}

export function onShortcut(event: KeyboardEvent): void {
  // While an input method is composing, every key belongs to it.
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  const modified = event.ctrlKey || event.metaKey || event.altKey || /^F\d+$/.test(event.key);
  if (writing(event.target) && !modified) return;
  const found = shortcuts().find(({ keys, run }) => run && matches(keys, event));
  if (!found?.run) return;
  // In a dialog only what opens another in its place, or closes it.
  if (inDialog(event.target) && !['Mod+k', '?', 'Mod+/'].includes(found.keys)) return;
  event.preventDefault();
  found.run();
}

/** Listens until the function that it returns is called. */
export function listen(scene: () => Scene): () => void {
  const remove = addShortcuts(pageShortcuts(scene));
  document.addEventListener('keydown', onShortcut);
  return () => {
    remove();
    document.removeEventListener('keydown', onShortcut);
  };
}
