// The list of conversations in its sections. Only the rows near the screen are drawn, because there may be thousands.

import { ChevronDown } from 'lucide-react';
import {
  Suspense,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  type DragEvent,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { late } from '@/lib/late';
import { flushSync } from 'react-dom';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { cx } from '@/lib/cx';
import { nameOf } from '@/lib/entry';
import { usePreferences } from '@/lib/preferences';
import { score } from '@/lib/search';
import { useText } from '@/lib/text';
import { useDraftKeys, type ConversationEntry } from '@/sync';
import { Badge } from '@/ui';
import type { MenuPlace } from '@/ui/MenuAt';
import { ConversationRow, dragType } from './ConversationRow';
import { setFavourite } from './favourite';
import { closedSections, layOut, rememberClosed, type Row, type Section } from './sections';
import { useRoving } from './useRoving';
import styles from './ConversationList.module.css';

const RowMenu = late(() => import('./RowMenu'));

interface ConversationListProps {
  entries: readonly ConversationEntry[];
  current: string | null;
  filter: string;
}

interface Opened {
  readonly entry: ConversationEntry;
  readonly place: MenuPlace;
}

export function ConversationList({ entries, current, filter }: ConversationListProps) {
  const t = useText();
  const { density } = usePreferences();
  const drafts = useDraftKeys();
  const [closed, setClosed] = useState<ReadonlySet<Section>>(closedSections);
  const [dragged, setDragged] = useState<string | null>(null);
  const [menu, setMenu] = useState<Opened | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const [kept, setKept] = useState<number | null>(null);

  const dragging = dragged !== null;
  const rows = useMemo(() => {
    const wanted = filter.trim();
    const answers = (entry: ConversationEntry) => score(wanted, nameOf(entry, t), entry.peer?.username) > 0;
    return layOut(entries, { closed, current, filter: wanted ? answers : null, dragging });
  }, [entries, closed, current, filter, dragging, t]);
  const keys = useMemo(() => rows.map((row) => row.key), [rows]);

  const roving = useRoving({
    keys,
    current,
    nameAt: (index) => nameOfRow(rows[index], t),
    focus: (index) => {
      // A row far away is drawn first; only then can it take the focus.
      flushSync(() => setKept(index));
      list.current?.scrollToIndex(index, { align: 'nearest' });
      const key = keys[index];
      scroller.current?.querySelector<HTMLElement>(`[data-row="${key}"]`)?.focus({ preventScroll: true });
    },
  });
  const { setStop } = roving;
  // Where Tab stops must be there to be reached, also when it is scrolled away.
  const stopAt = roving.stop === null ? -1 : keys.indexOf(roving.stop);
  // A row that leaves the page while it is dragged would never hear of the end of it.
  const draggedAt = dragged === null ? -1 : keys.indexOf(dragged);
  const mounted = [...new Set([stopAt, kept ?? -1, draggedAt])].filter((index) => index >= 0 && index < rows.length);

  // What is opened from elsewhere comes into view; what is opened here is in view.
  const at = current === null ? -1 : keys.indexOf(current);
  const shown = useRef<string | null>(null);
  useEffect(() => {
    if (at < 0 || shown.current === current) return;
    shown.current = current;
    list.current?.scrollToIndex(at, { align: 'nearest' });
  }, [at, current]);

  const toggle = (section: Section) => {
    const next = new Set(closed);
    if (!next.delete(section)) next.add(section);
    setClosed(next);
    rememberClosed(next);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const row = rows.find((candidate) => candidate.key === roving.stop);
    const rtl = document.documentElement.dir === 'rtl';
    const opens = event.key === (rtl ? 'ArrowLeft' : 'ArrowRight');
    const closes = event.key === (rtl ? 'ArrowRight' : 'ArrowLeft');
    if (row?.kind === 'section' && (opens || closes)) {
      event.preventDefault();
      if (row.open === closes) toggle(row.section);
      return;
    }
    roving.onKeyDown(event);
  };

  const onMenu = useCallback(
    (entry: ConversationEntry, place: MenuPlace) => {
      setStop(entry.conversation.id);
      setMenu({ entry, place });
    },
    [setStop],
  );

  const onDropped = useCallback(() => setDragged(null), []);

  return (
    <div
      ref={scroller}
      role="presentation"
      className={styles.scroller}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        const key = event.target instanceof HTMLElement ? event.target.dataset.row : undefined;
        if (key) setStop(key);
      }}
    >
      <Virtualizer ref={list} scrollRef={scroller} as="ul" item="li" keepMounted={mounted}>
        {rows.map((row) => (
          <DropZone key={row.key} row={row} onDropped={onDropped}>
            {row.kind === 'section' ? (
              <SectionHead row={row} stop={roving.stop === row.key} dragging={dragging} onToggle={toggle} />
            ) : (
              <ConversationRow
                entry={row.entry}
                current={row.key === current}
                draft={drafts.has(row.key)}
                stop={roving.stop === row.key}
                compact={density === 'compact'}
                onMenu={onMenu}
                onDrag={setDragged}
              />
            )}
          </DropZone>
        ))}
      </Virtualizer>
      {rows.length === 0 && filter.trim() && (
        <p className={styles.nothing} role="status">
          {t('conversations.filterNothing')}
        </p>
      )}
      {menu && (
        <Suspense fallback={null}>
          <RowMenu {...menu} current={menu.entry.conversation.id === current} onClose={() => setMenu(null)} />
        </Suspense>
      )}
    </div>
  );
}

function nameOfRow(row: Row | undefined, t: ReturnType<typeof useText>): string {
  if (!row) return '';
  return row.kind === 'section' ? t(`conversations.${row.section}`) : nameOf(row.entry, t);
}

interface DropZoneProps {
  row: Row;
  onDropped: () => void;
  children: ReactNode;
}

/**
 * A quick hand drops before the list has heard that something is dragged, and with a single move of the pointer; so what
 * is dragged says itself what it is, and entering is enough to be able to drop.
 * Dropped among the favourites it becomes one; dropped elsewhere it is one no more. The menu does the same by keyboard.
 */
function DropZone({ row, onDropped, children }: DropZoneProps) {
  const [over, setOver] = useState(false);
  const accept = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes(dragType)) return;
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    const id = event.dataTransfer.getData(dragType);
    setOver(false);
    if (!id) return;
    event.preventDefault();
    onDropped();
    setFavourite(id, row.section === 'favourites');
  };
  // The same with and without something being dragged: what is dragged must stay what it was.
  return (
    <div
      className={cx(styles.zone, over && styles.over)}
      onDragEnter={accept}
      onDragOver={accept}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {children}
    </div>
  );
}

interface SectionHeadProps {
  row: Extract<Row, { kind: 'section' }>;
  stop: boolean;
  dragging: boolean;
  onToggle: (section: Section) => void;
}

function SectionHead({ row, stop, dragging, onToggle }: SectionHeadProps) {
  const t = useText();
  const { section, open, unread } = row;
  return (
    <>
      <button
        type="button"
        className={styles.head}
        aria-expanded={open}
        tabIndex={stop ? 0 : -1}
        data-row={section}
        onClick={() => onToggle(section)}
      >
        <ChevronDown className={cx(styles.chevron, !open && styles.closed)} size="1em" aria-hidden="true" />
        <span className={styles.title}>{t(`conversations.${section}`)}</span>
        {!open && <Badge count={unread} label={t('conversations.unread', { count: unread })} />}
      </button>
      {dragging && section === 'favourites' && <p className={styles.drop}>{t('conversations.dropHere')}</p>}
    </>
  );
}
