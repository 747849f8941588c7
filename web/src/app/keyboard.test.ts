// Shortcuts act where they should and nowhere else.

import { afterEach, expect, test, vi } from 'vitest';
import { addShortcuts } from '@/lib/shortcuts';
import type { ConversationEntry } from '@/sync';
import { neighbour, onShortcut } from './keyboard';

vi.mock('@/sync', () => ({ actions: {} }));

const run = vi.fn<() => void>();
addShortcuts([
  { keys: 'Mod+k', label: 'shortcuts.switcher', group: 'go', run },
  { keys: '?', label: 'shortcuts.sheet', group: 'help', run },
  { keys: 'Alt+n', label: 'shortcuts.newMessage', group: 'make', run },
]);
document.addEventListener('keydown', onShortcut);

afterEach(() => {
  run.mockClear();
  document.body.replaceChildren();
});

function press(target: Element, key: string, code: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
}

function add(html: string): Element {
  document.body.innerHTML = html;
  return document.body.querySelector('[data-here]') ?? document.body;
}

test('on the page', () => {
  expect(press(document.body, '?', 'Slash', { shiftKey: true }).defaultPrevented).toBe(true);
  expect(run).toHaveBeenCalledTimes(1);
});

test('a question mark that somebody writes is a question mark', () => {
  press(add('<textarea data-here></textarea>'), '?', 'Slash', { shiftKey: true });
  expect(run).not.toHaveBeenCalled();
});

test('with Control it acts while writing too', () => {
  press(add('<textarea data-here></textarea>'), 'k', 'KeyK', { ctrlKey: true });
  expect(run).toHaveBeenCalledTimes(1);
});

test('not while an input method is composing', () => {
  press(add('<textarea data-here></textarea>'), 'k', 'KeyK', { ctrlKey: true, isComposing: true });
  expect(run).not.toHaveBeenCalled();
});

test('not when somebody else has acted on the key', () => {
  const place = add('<div data-here></div>');
  place.addEventListener('keydown', (event) => event.preventDefault());
  press(place, '?', 'Slash');
  expect(run).not.toHaveBeenCalled();
});

test('in a dialog only what opens another in its place', () => {
  const place = add('<div role="dialog"><button data-here></button></div>');
  press(place, 'n', 'KeyN', { altKey: true });
  expect(run).not.toHaveBeenCalled();
  press(place, 'k', 'KeyK', { ctrlKey: true });
  expect(run).toHaveBeenCalledTimes(1);
});

const id = (entry: ConversationEntry | undefined) => entry?.conversation.id;

test('the neighbour goes round, and past what is not wanted', () => {
  const entries = ['a', 'b', 'c'].map(
    (id) => ({ conversation: { id }, unread: id === 'b' ? 0 : 1 }) as ConversationEntry,
  );
  expect(id(neighbour(entries, 'a', 1))).toBe('b');
  expect(id(neighbour(entries, 'a', -1))).toBe('c');
  expect(id(neighbour(entries, 'a', 1, ({ unread }) => unread > 0))).toBe('c');
  expect(id(neighbour(entries, null, 1))).toBe('a');
  expect(id(neighbour(entries, null, -1))).toBe('c');
  expect(neighbour([], null, 1)).toBeUndefined();
});
