// A text without formatting: paragraphs, line breaks, and the names in it.

import { Words } from './Words';
import styles from './RichText.module.css';

export function PlainBlocks({ text }: { text: string }) {
  return text
    .trim()
    .split(/\n{2,}/u)
    .map((paragraph, index) => (
      // Paragraphs have no identity but their place: another text is another set of them.
      // oxlint-disable-next-line react/no-array-index-key
      <p key={index} className={styles.paragraph} dir="auto">
        <Words text={paragraph} />
      </p>
    ));
}
