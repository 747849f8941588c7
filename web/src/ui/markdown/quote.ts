// A reply quote: a message that begins with a quotation whose first line links to a message of ours, as in
// `> [Name](/c/1?at=2): what was said`. Any other client shows a quotation with a link, which is right as well.

import type { Blockquote, Root, RootContent } from 'mdast';
import { wordsOf } from './inline';
import { messageLink } from './links';

export interface ReplyQuote {
  readonly conversationId: string;
  readonly seq: number;
  readonly name: string;
  readonly excerpt: string;
}

export function replyQuote(tree: Root): ReplyQuote | null {
  const [first] = tree.children;
  if (first?.type !== 'blockquote') return null;
  const link = leadingLink(first);
  if (!link) return null;
  const target = messageLink(link.url);
  if (!target) return null;
  const name = wordsOf(link);
  const rest = wordsOf(first).slice(name.length);
  if (!rest.startsWith(':')) return null;
  return { ...target, name, excerpt: rest.slice(1).replace(/\s+/gu, ' ').trim() };
}

function leadingLink(quote: Blockquote): Extract<RootContent, { type: 'link' }> | null {
  const [paragraph] = quote.children;
  if (paragraph?.type !== 'paragraph') return null;
  const [link] = paragraph.children;
  return link?.type === 'link' ? link : null;
}
