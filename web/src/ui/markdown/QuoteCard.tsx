// What a message answers, small, above it. Pressing it leads there.

import { Link } from 'wouter';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import { Hidden } from '@/ui/Hidden';
import { useSurroundings } from './context';
import type { ReplyQuote } from './quote';
import styles from './QuoteCard.module.css';

export function QuoteCard({ quote }: { quote: ReplyQuote }) {
  const t = useText();
  const { onQuote } = useSurroundings();
  const content = (
    <>
      <Hidden>{`${t('markdown.quote')} `}</Hidden>
      <bdi className={styles.name}>{quote.name}</bdi> <bdi className={styles.excerpt}>{quote.excerpt}</bdi>
    </>
  );
  if (!onQuote) {
    return (
      <Link href={paths.conversation(quote.conversationId, quote.seq)} className={styles.card}>
        {content}
      </Link>
    );
  }
  return (
    <button
      type="button"
      className={styles.card}

      onClick={() => onQuote(quote.conversationId, quote.seq)}
    >
      {content}
    </button>
  );
}
