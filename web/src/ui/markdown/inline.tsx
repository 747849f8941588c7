// Draws what stands in a line: emphasis, links, code, words.

import type { Definition, Nodes, PhrasingContent, Root } from 'mdast';
import { Fragment, type ReactNode } from 'react';
import styles from './RichText.module.css';
import { TextLink } from './TextLink';
import { Words } from './Words';

export interface Scene {
  /** How many nodes this one is inside of. */
  readonly depth: number;
  readonly definitions: ReadonlyMap<string, Definition>;
  /** In a list or quotation, which finds its direction by its text, and leaves out what has found one of its own. */
  readonly nested?: boolean;
}

/** Deeper than this nobody reads; what is inside is shown as words. */
export const DEEPEST = 24;

/** Where `[name]` leads, as far as the text says it at its outermost level. */
export function collectDefinitions(tree: Root): Scene['definitions'] {
  const found = new Map<string, Definition>();
  for (const node of tree.children) {
    if (node.type === 'definition' && !found.has(node.identifier)) found.set(node.identifier, node);
  }
  return found;
}

/** The words of a node without its formatting. Walks with a list of its own, so that no depth is too deep. */
export function wordsOf(node: Nodes): string {
  const waiting: Nodes[] = [node];
  let words = '';
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if ('value' in next) words += next.value;
    else if ('alt' in next) words += next.alt ?? '';
    else if (next.type === 'break') words += '\n';
    else if ('children' in next) waiting.push(...next.children.toReversed());
  }
  return words;
}

export function inlines(nodes: readonly PhrasingContent[], scene: Scene): ReactNode {
  return nodes.map((node, index) => (
    // Parts of a text have no identity but their place; another text is drawn anew.
    // oxlint-disable-next-line react/no-array-index-key
    <Fragment key={index}>{inline(node, scene)}</Fragment>
  ));
}

function inline(node: PhrasingContent, scene: Scene): ReactNode {
  if (scene.depth > DEEPEST) return <Words text={wordsOf(node)} />;
  const inner = { ...scene, depth: scene.depth + 1 };
  switch (node.type) {
    case 'text':
    case 'html':
      return <Words text={node.value} />;
    case 'emphasis':
      return <em>{inlines(node.children, inner)}</em>;
    case 'strong':
      return <strong className={styles.strong}>{inlines(node.children, inner)}</strong>;
    case 'delete':
      return <del>{inlines(node.children, inner)}</del>;
    case 'inlineCode':
      return (
        <code className={styles.code} dir="ltr">
          {node.value}
        </code>
      );
    case 'break':
      return <br />;
    case 'link':
      return (
        <TextLink destination={node.url} words={wordsOf(node)}>
          {inlines(node.children, inner)}
        </TextLink>
      );
    case 'image':
      // Fetching a picture would tell a stranger's server who reads what, and when. So it is a link.
      return (
        <TextLink destination={node.url} words={node.alt ?? ''}>
          {node.alt}
        </TextLink>
      );
    case 'linkReference':
    case 'imageReference':
      return reference(node, scene);
    default:
      return null;
  }
}

/** `[words][name]`: a link where the name is defined, and otherwise what was typed. */
function reference(node: Extract<PhrasingContent, { type: 'linkReference' | 'imageReference' }>, scene: Scene) {
  const definition = scene.definitions.get(node.identifier);
  const words = wordsOf(node);
  if (definition) {
    return (
      <TextLink destination={definition.url} words={words}>
        {words}
      </TextLink>
    );
  }
  const label = node.referenceType === 'full' ? `[${node.label ?? node.identifier}]` : '';
  return <Words text={`[${words}]${label}`} />;
}
