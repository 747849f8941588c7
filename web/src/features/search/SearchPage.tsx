// Search: one line for everything, and what was found by kind, the newest first. The address says what is looked for, so
// that Back from a message leads to what was found, and a search can be kept as a link.

import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useSearch } from 'wouter';
import { go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { restOfText, useText } from '@/lib/text';
import { SinglePage } from '@/ui/SinglePage';
import { Tabs } from '@/ui/Tabs';
import { Help } from './Help';
import { Results } from './Results';
import { SearchBox } from './SearchBox';
import styles from './SearchPage.module.css';
import type { SearchType } from './wire';

const SOON = 250;
const types = ['message', 'file', 'person', 'channel'] as const satisfies readonly SearchType[];
const titles = {
  message: 'search.messages',
  file: 'search.files',
  person: 'search.people',
  channel: 'search.channels',
} as const;

export default function SearchPage() {
  const t = useText();
  const asked = new URLSearchParams(useSearch());
  const query = asked.get('q') ?? '';
  const type = types.find((known) => known === asked.get('type')) ?? 'message';
  const [text, setText] = useState(query);
  const [seen, setSeen] = useState(query);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const page = useRef<HTMLDivElement>(null);

  // The address changed by other means, such as the button of a conversation.
  if (query !== seen) {
    setSeen(query);
    if (query !== text.trim()) setText(query);
  }

  const show = useCallback((q: string, kind: SearchType) => go(paths.search(q.trim(), kind), { replace: true }), []);
  const change = (next: string) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => show(next, type), next.trim() === '' ? 0 : SOON);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => void restOfText().catch(() => undefined), []);

  const hits = () => [...(page.current?.querySelectorAll<HTMLElement>('[data-hit]') ?? [])];
  // Up and down go through what was found, and back into the line above the first.
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = hits();
    const at = all.findIndex((hit) => hit === document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = all[at + step];
    if (next) next.focus();
    else if (step < 0) page.current?.querySelector('input')?.focus();
  };

  return (
    // The arrow keys are for what can be focused in it.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div ref={page} className={styles.page} onKeyDown={onKeyDown}>
      <SinglePage
        title={t('search.title')}
        hideTitle
        head={
          <SearchBox
            value={text}
            onChange={change}
            onSubmit={() => {
              clearTimeout(timer.current);
              show(text, type);
            }}
            onLeave={() => hits()[0]?.focus()}
          />
        }
      >
        <Tabs
          label={t('search.kinds')}
          chosen={type}
          onChoose={(kind) => show(text, kind)}
          tabs={types.map((id) => ({ id, label: t(titles[id]) }))}
        >
          {query ? (
            <Results key={type} query={query} type={type} />
          ) : (
            <Help onPick={(part) => change(text + (text && !text.endsWith(' ') ? ' ' : '') + part)} />
          )}
        </Tabs>
      </SinglePage>
    </div>
  );
}
