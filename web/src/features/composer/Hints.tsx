// Lies under the textarea and shows the same text with its marks made faint and what they enclose made visible. It
// changes no measure of any letter, so both stay exactly above each other; it also makes the textarea as tall as its text.

import { memo } from 'react';
import { hints, MOST_HINTED } from './hints';
import styles from './Hints.module.css';

export const Hints = memo(function Hints({ text }: { text: string }) {
  return (
    <div className={styles.hints} aria-hidden="true">
      {text.length > MOST_HINTED
        ? text
        : hints(text).map(({ kind, text }, index) => (
            // Parts of a text have no identity but their place.
            // oxlint-disable-next-line react/no-array-index-key
            <span key={index} className={styles[kind]}>
              {text}
            </span>
          ))}
      {/* A last line without anything in it has a height as well. */}
      {'\u200b'}
    </div>
  );
});
