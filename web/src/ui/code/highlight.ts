// Colours code. A chunk of its own: the grammars are large, and most messages have no code.

import type { Root } from 'hast';
import { common, createLowlight } from 'lowlight';

const MOST = 60;
const lowlight = createLowlight(common);
const kept = new Map<string, Root>();

/** The code as a tree of named parts, or null for a language that is not known. */
export function highlight(code: string, language: string): Root | null {
  const name = language.toLowerCase();
  if (!lowlight.registered(name)) return null;
  const key = `${name}\n${code}`;
  const tree = kept.get(key) ?? lowlight.highlight(name, code);
  kept.set(key, tree);
  const [oldest] = kept.keys();
  if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
  return tree;
}
