// Reads CommonMark with GitHub's additions into a tree. Loaded when the first message needs it; `parsing.ts` holds it.
//
// HTML is switched off in the grammar, so that `<b>` is four characters like any others: there is no node of the tree that
// anything could mistake for markup.

import type { Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

const syntax = [
  gfm({ singleTilde: false }),
  { disable: { null: ['htmlFlow', 'htmlText', 'gfmFootnoteDefinition', 'gfmFootnoteCall'] } },
];
const tree = [gfmFromMarkdown()];

// The parser's work grows with the square of how deep containers are nested in a line. Nobody nests this deep by hand.
const DEEP = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))){24,}/mu;
// Each run of marks may have to be compared with each other one.
const MARKS = /[*_~[\]<`|]/gu;
const MOST_MARKS = 1500;

/** The tree of a text, or null for one that is only made to be slow; that one is shown as it is. */
export function parse(text: string): Root | null {
  if (DEEP.test(text) || (text.match(MARKS)?.length ?? 0) > MOST_MARKS) return null;
  return fromMarkdown(text, { extensions: syntax, mdastExtensions: tree });
}
