// A block of code: its language, a button to copy it, and colours when they have been loaded.

import type { RootContent } from 'hast';
import { Check, Copy } from 'lucide-react';
import { Fragment, useEffect, useState, type ReactNode } from 'react';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/text';
import { IconButton } from '@/ui/Button';
import { toast } from '@/ui/toast';
import styles from './CodeBlock.module.css';
import { useHighlight } from './useHighlight';

export interface CodeBlockProps {
  code: string;
  language: string | null;
}

export function CodeBlock({ code, language }: CodeBlockProps) {
  const t = useText();
  const tree = useHighlight(code, language);
  const name = language?.slice(0, 30) ?? null;
  return (
    <figure className={styles.block} dir="ltr">
      <figcaption className={cx(styles.bar, !name && styles.floating)}>
        {name}
        <CopyButton text={code} />
      </figcaption>
      {/* Long lines scroll, also by arrow keys, and for that the block takes the focus. */}
      <pre
        className={styles.code}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="group"
        aria-label={name ? t('markdown.codeIn', { language: name }) : t('markdown.code')}
      >
        <code>{tree ? parts(tree.children) : code}</code>
      </pre>
    </figure>
  );
}

/** Names such as `hljs-keyword` get their colours in the style sheet; nothing else is taken over from the tree. */
function parts(nodes: readonly RootContent[]): ReactNode {
  return nodes.map((node, index) => {
    if (node.type === 'text') return node.value;
    if (node.type !== 'element') return null;
    const names = node.properties['className'];
    return (
      // oxlint-disable-next-line react/no-array-index-key
      <Fragment key={index}>
        <span className={Array.isArray(names) ? names.join(' ') : ''}>{parts(node.children)}</span>
      </Fragment>
    );
  });
}

const SHOWN = 2000;

function CopyButton({ text }: { text: string }) {
  const t = useText();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => toast(t('markdown.copyFailed'), { kind: 'problem' }),
    );
  };
  return (
    <IconButton small className={styles.copy} label={t(copied ? 'common.copied' : 'common.copy')} onClick={copy}>
      {copied ? <Check size="1em" /> : <Copy size="1em" />}
    </IconButton>
  );
}
