// The formats by name: what each does to the text, and which keys ask for it.

import type { KeyboardEvent } from 'react';
import { fence, link, prefix, wrap, type Change, type Selection } from './edit';

export type Format = 'bold' | 'italic' | 'strike' | 'code' | 'link' | 'quote' | 'bullets' | 'numbers' | 'fence';

export function formatted(selection: Selection, format: Format): Change {
  switch (format) {
    case 'bold':
      return wrap(selection, '**');
    case 'italic':
      return wrap(selection, '*');
    case 'strike':
      return wrap(selection, '~~');
    case 'code':
      return wrap(selection, '`');
    case 'link':
      return link(selection);
    case 'fence':
      return fence(selection);
    default:
      return prefix(selection, format);
  }
}

const KEYS: Readonly<Record<string, Format>> = { KeyB: 'bold', KeyI: 'italic', KeyE: 'code', KeyK: 'link' };
const SHIFTED: Readonly<Record<string, Format>> = {
  KeyX: 'strike',
  KeyC: 'fence',
  Digit7: 'numbers',
  Digit8: 'bullets',
  Digit9: 'quote',
};

/** By the place of a key, because Shift+8 is another sign on each keyboard. Ctrl+K is for links only with words chosen. */
export function formatOf(event: KeyboardEvent, hasSelection: boolean): Format | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const format = (event.shiftKey ? SHIFTED : KEYS)[event.code] ?? null;
  return format === 'link' && !hasSelection ? null : format;
}
