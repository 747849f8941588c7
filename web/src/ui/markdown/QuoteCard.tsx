// What a message answers, small, above it. Pressing it leads there.

import { Link } from 'wouter';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import { useSurroundings } from './context';
import type { ReplyQuote } from './quote';
import styles from './QuoteCard.module.css';

export function QuoteCard({ quote }: { quote: ReplyQuote }) {
  const t = useText();
  const { onQuote } = useSurroundings();
  const content = (
    <>
      <bdi className={styles.name}>{quote.name}</bdi>
      <bdi className={styles.excerpt}>{quote.excerpt}</bdi>
    </>
  );
  const label = t('markdown.quote', { name: quote.name, text: quote.excerpt });
  if (!onQuote) {
    return (
      <Link href={paths.conversation(quote.conversationId, quote.seq)} className={styles.card} aria-label={label}>
        {content}
      </Link>
    );
  }
  return (
    <button
      type="button"
      className={styles.card}
      aria-label={label}
      onClick={() => onQuote(quote.conversationId, quote.seq)}
    >
      {content}
    </button>
  );
}
