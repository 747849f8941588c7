// Draws what stands in blocks: paragraphs, quotations, lists, code, tables.

import type { BlockContent, DefinitionContent, ListItem, RootContent, Table, TableRow } from 'mdast';
import { Fragment, type ReactNode } from 'react';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/text';
import { CodeBlock } from '@/ui/code/CodeBlock';
import { DEEPEST, inlines, wordsOf, type Scene } from './inline';
import styles from './RichText.module.css';
import { Words } from './Words';

type Block = RootContent | BlockContent | DefinitionContent;

export function blocks(nodes: readonly Block[], scene: Scene): ReactNode {
  return nodes.map((node, index) => (
    // Blocks of a text have no identity but their place; another text is drawn anew.
    // oxlint-disable-next-line react/no-array-index-key
    <Fragment key={index}>{block(node, scene)}</Fragment>
  ));
}

function block(node: Block, scene: Scene): ReactNode {
  if (scene.depth > DEEPEST) return <p className={styles.paragraph}>{wordsOf(node)}</p>;
  const inner = { ...scene, depth: scene.depth + 1 };
  switch (node.type) {
    case 'paragraph':
      return (
        <p className={styles.paragraph} dir={scene.nested ? undefined : 'auto'}>
          {inlines(node.children, inner)}
        </p>
      );
    case 'heading':
      // A heading of a message is none of the page's: it starts below them all.
      return (
        <div
          role="heading"
          aria-level={Math.min(6, node.depth + 3)}
          className={cx(styles.heading, node.depth < 3 && styles.large)}
          dir="auto"
        >
          {inlines(node.children, inner)}
        </div>
      );
    case 'blockquote':
      return (
        <blockquote className={styles.quote} dir="auto">
          {blocks(node.children, { ...inner, nested: true })}
        </blockquote>
      );
    case 'list': {
      const items = node.children.map((entry, index) => (
        // oxlint-disable-next-line react/no-array-index-key
        <Fragment key={index}>{item(entry, { ...inner, nested: true })}</Fragment>
      ));
      return node.ordered ? (
        <ol className={cx(styles.list, styles.ordered)} start={node.start ?? 1} dir="auto">
          {items}
        </ol>
      ) : (
        <ul className={styles.list} dir="auto">
          {items}
        </ul>
      );
    }
    case 'code':
      return <CodeBlock code={node.value} language={node.lang ?? null} />;
    case 'thematicBreak':
      return <hr className={styles.line} />;
    case 'table':
      return <TableBlock table={node} scene={inner} />;
    case 'html':
      return <p className={styles.paragraph}>{node.value}</p>;
    case 'definition':
      return null;
    default:
      return <Words text={wordsOf(node)} />;
  }
}

function item(node: ListItem, scene: Scene): ReactNode {
  const task = typeof node.checked === 'boolean';
  return (
    <li className={cx(task && styles.task)}>
      {/* The state of a task is part of the text; only its author can change it, by editing. */}
      {task && <TaskBox done={node.checked === true} />}
      <div className={styles.item}>{blocks(node.children, scene)}</div>
    </li>
  );
}

function TaskBox({ done }: { done: boolean }) {
  const t = useText();
  const label = t(done ? 'markdown.taskDone' : 'markdown.taskOpen');
  return <input type="checkbox" className={styles.box} aria-label={label} checked={done} disabled readOnly />;
}

function TableBlock({ table, scene }: { table: Table; scene: Scene }) {
  const t = useText();
  const [head, ...body] = table.children;
  return (
    // A wide table scrolls by itself, and can be reached by keyboard for that.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.scroller} tabIndex={0} role="group" aria-label={t('markdown.table')}>
      <table className={styles.table}>
        {head && <thead>{row(head, table, 'th', scene)}</thead>}
        <tbody>
          {body.map((entry, index) => (
            // oxlint-disable-next-line react/no-array-index-key
            <Fragment key={index}>{row(entry, table, 'td', scene)}</Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function row(node: TableRow, { align }: Table, Cell: 'th' | 'td', scene: Scene): ReactNode {
  return (
    <tr>
      {node.children.map((cell, index) => (
        // oxlint-disable-next-line react/no-array-index-key
        <Cell key={index} dir="auto" className={styles[align?.[index] ?? 'start']}>
          {inlines(cell.children, scene)}
        </Cell>
      ))}
    </tr>
  );
}
