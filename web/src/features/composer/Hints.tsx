// Lies under the textarea and shows the same text with its marks made faint and what they enclose made visible. It
// changes no measure of any letter, so both stay exactly above each other; it also makes the textarea as tall as its text.

import { lazy, memo, Suspense } from 'react';
import { usePrepared } from '@/lib/later';
import styles from './Hints.module.css';

const loadMarked = () => import('./Marked');
const Marked = lazy(loadMarked);

/** Colouring is for what a person oversees. */
const MOST_MARKED = 8000;

export const Hints = memo(function Hints({ text }: { text: string }) {
  const ready = usePrepared(loadMarked);
  return (
    <div className={styles.hints} aria-hidden="true">
      <Suspense fallback={text}>{ready && text.length <= MOST_MARKED ? <Marked text={text} /> : text}</Suspense>
      {/* A last line without anything in it has a height as well. */}
      {'\u200b'}
    </div>
  );
});
