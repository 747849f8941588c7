// A text with its marks made faint and what they enclose made visible.

import { hints } from './hints';
import styles from './Hints.module.css';

export default function Marked({ text }: { text: string }) {
  return hints(text).map(({ kind, text }, index) => (
    // Parts of a text have no identity but their place.
    // oxlint-disable-next-line react/no-array-index-key
    <span key={index} className={styles[kind]}>
      {text}
    </span>
  ));
}
