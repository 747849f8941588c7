// The start side of the page: where one is, what one can begin, all conversations, and oneself.

import { PenLine, Plus, Search, X } from 'lucide-react';
import { Suspense, useState, type KeyboardEvent } from 'react';
import { late } from '@/lib/late';
import { openOverlay } from '@/lib/overlay';
import { useText } from '@/lib/text';
import { useConversations } from '@/sync';
import { IconButton, Loading } from '@/ui';
import { LateMenu } from '@/ui/LateMenu';
import { ConversationList } from './ConversationList';
import { Foot } from './Foot';
import styles from './Sidebar.module.css';

const BeginMenu = late(() => import('./BeginMenu'));
const Newcomer = late(() => import('./Newcomer'));

interface SidebarProps {
  /** What the server calls itself. */
  title: string;
  /** The conversation that is open. */
  current: string | null;
}

export function Sidebar({ title, current }: SidebarProps) {
  const t = useText();
  const entries = useConversations();
  const [filter, setFilter] = useState('');

  const onFilterKey = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Escape' && filter) {
      event.stopPropagation();
      setFilter('');
    }
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      const list = event.currentTarget.closest('nav');
      (
        list?.querySelector<HTMLElement>('[data-row][tabindex="0"]') ?? list?.querySelector<HTMLElement>('[data-row]')
      )?.focus();
    }
  };

  return (
    <nav className={styles.sidebar} aria-label={t('conversations.title')} id="conversations" tabIndex={-1}>
      <header className={styles.top}>
        <h1 className={styles.server}>
          <bdi>{title}</bdi>
        </h1>
        <IconButton label={t('conversations.newMessage')} onClick={() => openOverlay({ kind: 'new-message' })}>
          <PenLine size="1.2em" />
        </IconButton>
        <LateMenu label={t('conversations.new')} renderMenu={(open) => <BeginMenu {...open} />}>
          <Plus size="1.3em" />
        </LateMenu>
      </header>
      <div className={styles.filter}>
        <Search className={styles.lens} size="1em" aria-hidden="true" />
        <input
          className={styles.input}
          type="text"
          role="searchbox"
          aria-label={t('conversations.filter')}
          placeholder={t('conversations.filter')}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          onKeyDown={onFilterKey}
        />
        {filter && (
          <IconButton
            className={styles.clear}
            small
            label={t('conversations.filterClear')}
            onClick={() => setFilter('')}
          >
            <X size="1em" />
          </IconButton>
        )}
      </div>
      {entries === null && <Loading />}
      {entries?.length === 0 && (
        <Suspense fallback={null}>
          <Newcomer />
        </Suspense>
      )}
      {entries && entries.length > 0 && <ConversationList entries={entries} current={current} filter={filter} />}
      <Foot />
    </nav>
  );
}
