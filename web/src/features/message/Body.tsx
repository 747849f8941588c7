// A message's text: names in it lead to people, quotes to what they quote. What follows the text (that it was edited)
// stands below it.

import type { ReactNode } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { paths } from '@/lib/paths';
import { RichText } from '@/ui/markdown';
import { useScene } from './scene';
import styles from './Message.module.css';

interface BodyProps {
  text: string;
  /** Whether the message called everybody. */
  broadcast?: boolean;
  children?: ReactNode;
}

export function Body({ text, broadcast = false, children }: BodyProps) {
  const { resolve, resolveChannel } = useScene();
  return (
    <div className={styles.body}>
      <RichText
        body={text}
        resolve={resolve}
        resolveChannel={resolveChannel}
        broadcast={broadcast}
        onQuote={showQuoted}
      />
      {children}
    </div>
  );
}

function showQuoted(conversationId: string, seq: number): void {
  navigate(paths.conversation(conversationId, seq));
}
