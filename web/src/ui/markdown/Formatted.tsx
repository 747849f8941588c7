// Draws a text that has formatting. This file and the parser are one chunk, loaded when they are first needed.

import { memo, useMemo, type ReactNode } from 'react';
import { parsed } from './cache';
import { blocks } from './blocks';
import { collectDefinitions } from './inline';
import { PlainBlocks } from './PlainBlocks';
import { replyQuote } from './quote';
import { QuoteCard } from './QuoteCard';

const Formatted = memo(function Formatted({ text }: { text: string }) {
  const tree = useMemo(() => parsed(text), [text]);
  // A message of nothing but definitions would be empty.
  if (!tree || tree.children.every((node) => node.type === 'definition')) return <PlainBlocks text={text} />;
  const quote = replyQuote(tree);
  const scene = { depth: 0, definitions: collectDefinitions(tree) };
  return (
    <>
      {quote && <QuoteCard quote={quote} />}
      {blocks(quote ? tree.children.slice(1) : tree.children, scene)}
    </>
  );
});

export function drawFormatted(text: string): ReactNode {
  return <Formatted text={text} />;
}
