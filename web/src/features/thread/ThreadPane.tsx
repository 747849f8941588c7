// A message and the replies under it, beside the conversation. Opens at the newest reply, and holds on to it while the
// reader is there.

import { Bell, BellOff, X } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useRef, type ReactNode } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { errorText } from '@/lib/error';
import { useText } from '@/lib/text';
import type { Message } from '@/protocol.gen';
import { actions, usePending, useThread, type Pending } from '@/sync';
import { Button, Empty, IconButton, Loading, complain } from '@/ui';
import { threadRows, type ThreadRow } from './threadRows';
import styles from './ThreadPane.module.css';

export interface ThreadPaneProps {
  conversationId: string;
  parentId: string;
  composer: ReactNode;
  renderMessage: (message: Message, grouped: boolean) => ReactNode;
  renderPending: (pending: Pending, grouped: boolean) => ReactNode;
  onClose: () => void;
}

/** Nearer to the end than this is at the end. */
const NEAR = 32;

export function ThreadPane({ conversationId, parentId, composer, onClose, ...render }: ThreadPaneProps) {
  const t = useText();
  const thread = useThread(conversationId, parentId);
  const { parent, problem } = thread;
  return (
    <section className={styles.pane} aria-label={t('thread.title')}>
      <header className={styles.head}>
        <h2 className={styles.title}>{t('thread.title')}</h2>
        {parent && parent.reply_count > 0 && <Follow parent={parent} />}
        <IconButton label={t('common.close')} onClick={onClose}>
          <X size="1.25em" />
        </IconButton>
      </header>
      {problem && !parent ? (
        <Empty icon={<BellOff size="2em" />} title={t('thread.gone')} text={errorText(problem)}>
          <Button onClick={onClose}>{t('common.close')}</Button>
        </Empty>
      ) : parent ? (
        <>
          <List conversationId={conversationId} parent={parent} thread={thread} {...render} />
          {composer}
        </>
      ) : (
        <Loading />
      )}
    </section>
  );
}

function Follow({ parent }: { parent: Message }) {
  const t = useText();
  const following = parent.following === true;
  const toggle = () => {
    actions.follow(parent, !following).catch(complain);
  };
  return (
    <IconButton label={t(following ? 'thread.unfollow' : 'thread.follow')} aria-pressed={following} onClick={toggle}>
      {following ? <Bell size="1.25em" /> : <BellOff size="1.25em" />}
    </IconButton>
  );
}

interface ListProps extends Pick<ThreadPaneProps, 'conversationId' | 'renderMessage' | 'renderPending'> {
  parent: Message;
  thread: ReturnType<typeof useThread>;
}

function List({ conversationId, parent, thread, renderMessage, renderPending }: ListProps) {
  const t = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const stuck = useRef(true);
  const offset = useRef(0);
  const pending = usePending(conversationId, parent.id);
  const { replies, complete, loading, problem, loadMore } = thread;
  const rows = threadRows(parent, replies, pending);

  const toEnd = useCallback(() => {
    if (stuck.current) list.current?.scrollToIndex(Number.MAX_SAFE_INTEGER, { align: 'end' });
  }, []);
  useLayoutEffect(toEnd, [toEnd, rows.length]);
  useEffect(() => {
    if (!complete && !loading && !problem) loadMore();
  }, [complete, loading, problem, loadMore]);

  const onScroll = () => {
    const handle = list.current;
    if (!handle) return;
    // Only going up leaves the end: where rows turn out taller than thought, the end moves away and nobody has left it.
    if (handle.scrollSize - handle.scrollOffset - handle.viewportSize < NEAR) stuck.current = true;
    else if (handle.scrollOffset < offset.current) stuck.current = false;
    offset.current = handle.scrollOffset;
  };

  const renderRow = (row: ThreadRow) => (
    <div key={row.key} data-row={row.key} className={styles.row}>
      {row.kind === 'count' ? (
        <p className={styles.count}>{t('thread.replies', { count: row.count })}</p>
      ) : row.kind === 'pending' ? (
        renderPending(row.pending, row.grouped)
      ) : (
        renderMessage(row.message, row.grouped)
      )}
    </div>
  );

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="log"
      aria-live="off"
      aria-label={t('thread.title')}
      aria-busy={loading}
    >
      <Virtualizer ref={list} scrollRef={scroller} data={rows} onScroll={onScroll} onResize={toEnd} bufferSize={400}>
        {renderRow}
      </Virtualizer>
      {loading && replies.length < parent.reply_count && <Loading />}
      {problem && (
        <div className={styles.problem} role="alert">
          <span>{errorText(problem)}</span>
          <Button small onClick={loadMore}>
            {t('common.retry')}
          </Button>
        </div>
      )}
    </div>
  );
}
