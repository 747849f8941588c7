// Remembers what was parsed last, because a list that scrolls shows the same messages again and again.

import type { Root } from 'mdast';
import { parse } from './parse';

const MOST_CHARACTERS = 400_000;

const held = new Map<string, Root | null>();
let characters = 0;

export function parsed(text: string): Root | null {
  const known = held.get(text);
  if (known !== undefined) {
    // The order of a Map is that of insertion: what was used now goes to the end.
    held.delete(text);
    held.set(text, known);
    return known;
  }
  const tree = parse(text);
  held.set(text, tree);
  characters += text.length;
  for (const oldest of held.keys()) {
    if (characters <= MOST_CHARACTERS) break;
    held.delete(oldest);
    characters -= oldest.length;
  }
  return tree;
}
