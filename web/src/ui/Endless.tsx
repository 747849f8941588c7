// A list that goes on by itself when its end comes into sight, with what is said while it loads, when it fails and when
// there is nothing in it.

import { useEffect, useRef, type ReactNode } from 'react';
import { errorText } from '@/lib/error';
import type { Pages } from '@/lib/pages';
import { useText } from '@/lib/text';
import { Button } from './Button';
import styles from './Endless.module.css';
import { Notice } from './Section';
import { Loading } from './Spinner';

export interface EndlessProps<T> {
  pages: Pages<T>;
  /** The accessible name of the list. */
  label: string;
  empty: ReactNode;
  /** What a failure is called, where there is something better to say than the usual words. */
  problemText?: (problem: unknown) => string | null;
  children: (item: T) => ReactNode;
  keyOf: (item: T) => string;
}

export function Endless<T>({ pages, label, empty, problemText, children, keyOf }: EndlessProps<T>) {
  const { items, problem, more, reload, loading } = pages;
  if (problem !== null && items === null)
    return <Failed words={problemText?.(problem)} problem={problem} retry={reload} />;
  if (items === null) return <Loading />;
  if (items.length === 0 && !more) return loading ? <Loading /> : empty;
  return (
    <div className={styles.scroll}>
      <ul className={styles.list} aria-label={label}>
        {items.map((item) => (
          <li key={keyOf(item)}>{children(item)}</li>
        ))}
      </ul>
      {problem !== null && <Failed words={problemText?.(problem)} problem={problem} retry={more ?? reload} />}
      {problem === null && more && <Further key={items.length} more={more} />}
      {problem === null && loading && <Loading />}
    </div>
  );
}

interface FailedProps {
  words: string | null | undefined;
  problem: unknown;
  retry: () => void;
}

function Failed({ words, problem, retry }: FailedProps) {
  const t = useText();
  return (
    <Notice kind="problem">
      {words ?? errorText(problem)}
      <span>
        <Button small onClick={retry}>
          {t('common.retry')}
        </Button>
      </span>
    </Notice>
  );
}

/** Asks for more when it comes into sight; a button for those who would rather press one. */
function Further({ more }: { more: () => void }) {
  const t = useText();
  const end = useRef<HTMLDivElement>(null);
  const ask = useRef(more);
  useEffect(() => {
    ask.current = more;
  }, [more]);
  useEffect(() => {
    const { current } = end;
    if (!current || !('IntersectionObserver' in window)) return undefined;
    const watch = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) ask.current();
      },
      { rootMargin: '200px' },
    );
    watch.observe(current);
    return () => watch.disconnect();
  }, []);
  return (
    <div ref={end} className={styles.more}>
      <Button kind="quiet" onClick={more}>
        {t('common.loadMore')}
      </Button>
    </div>
  );
}
