// The page of somebody who is signed in: the list at the start side, what is open beside it, details at the end side. On
// a phone one of them at a time.

import { MessagesSquare } from 'lucide-react';
import { Suspense, useEffect, useRef, type RefObject } from 'react';
import { useLocation } from 'wouter';
import { ConnectionLine } from '@/features/connection/ConnectionLine';
import { Sidebar } from '@/features/conversations/Sidebar';
import { closeOverlay, go } from '@/lib/overlay';
import { usePrepared } from '@/lib/later';
import { paths } from '@/lib/paths';
import { keyCaps } from '@/lib/shortcuts';
import { useText } from '@/lib/text';
import { useConversations, useSession, type ConversationEntry } from '@/sync';
import { Empty, Live } from '@/ui';
import { layoutFor } from './appearance';
import { Boundary } from './Boundary';
import { listen } from './keyboard';
import { lastConversation, rememberConversation } from './last';
import { Content } from './Content';
import { conversationAt } from './router';
import { Around, Details, loadAround } from './pages';
import { serverName, useServer } from './server';
import { usePreferences } from '@/lib/preferences';
import { useLater } from './useLater';
import { usePane } from './usePane';
import { useTitle } from './useTitle';
import styles from './Shell.module.css';

const none: readonly ConversationEntry[] = [];

export function Shell() {
  const t = useText();
  const [path] = useLocation();
  const session = useSession();
  const entries = useConversations();
  const pane = usePane();
  const content = useRef<HTMLElement>(null);
  useServer();
  const title = useTitle(entries ?? none, serverName());
  useLater();
  const around = usePrepared(loadAround);
  useKeyboard(entries ?? none);
  useRemote();
  useStart(path);
  useFocus(path, content);

  return (
    <div className={styles.shell} data-at={path === paths.home ? 'list' : 'page'} data-pane={pane !== null}>
      <a className={styles.skip} data-skip href="#content">
        {t('install.skipToContent')}
      </a>
      <a className={styles.skip} data-skip href="#conversations">
        {t('install.skipToList')}
      </a>
      <div className={styles.line}>
        <ConnectionLine />
      </div>
      <div className={styles.list}>
        <Sidebar title={serverName()} current={conversationAt(path)} />
      </div>
      <main ref={content} className={styles.content} id="content" tabIndex={-1}>
        <Boundary at={path}>{path === paths.home ? <Choose any={(entries?.length ?? 0) > 0} /> : <Content />}</Boundary>
      </main>
      {pane && (
        <div className={styles.pane} id="pane" tabIndex={-1}>
          <Boundary at={pane.conversationId}>
            <Details
              key={`${pane.conversationId} ${pane.tab}`}
              conversationId={pane.conversationId}
              {...(pane.tab && { tab: pane.tab })}
              pane
              onClose={closeOverlay}
            />
          </Boundary>
        </div>
      )}
      <Live>{title}</Live>
      {around && session.phase === 'signed-in' && (
        <Suspense fallback={null}>
          <Around entries={entries} self={session.userId} content={content} open={path !== paths.home} />
        </Suspense>
      )}
    </div>
  );
}

function Choose({ any }: { any: boolean }) {
  const t = useText();
  // Somebody new is told in the list what to do.
  if (!any) return null;
  const keys = keyCaps('Mod+k').join(' ');
  return (
    <Empty
      icon={<MessagesSquare />}
      title={t('conversations.chooseTitle')}
      text={t('conversations.chooseText', { keys })}
    />
  );
}

function useKeyboard(entries: readonly ConversationEntry[]): void {
  const present = useRef(entries);
  useEffect(() => {
    present.current = entries;
  }, [entries]);
  useEffect(() => listen(() => ({ entries: present.current })), []);
}

function useRemote(): void {
  const tv = layoutFor(usePreferences().layout) === 'tv';
  useEffect(() => {
    if (!tv) return undefined;
    let stop: (() => void) | null = null;
    let gone = false;
    void import('./remote')
      .then(({ followRemote }) => {
        if (!gone) stop = followRemote();
      })
      .catch(() => undefined);
    return () => {
      gone = true;
      stop?.();
    };
  }, [tv]);
}

/** Where there is room for both, the app starts with the conversation that was open last. */
function useStart(path: string): void {
  const started = useRef(false);
  useEffect(() => {
    const first = !started.current;
    started.current = true;
    const last = lastConversation();
    const wide = matchMedia('(min-width: 48.01rem)').matches;
    if (first && path === paths.home && last && wide) go(paths.conversation(last), { replace: true });
    rememberConversation(conversationAt(path));
  }, [path]);
}

/** Whoever went somewhere finds the focus there, unless the page has put it in a better place, such as the composer. */
function useFocus(path: string, content: RefObject<HTMLElement | null>): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return undefined;
    before.current = path;
    const frame = requestAnimationFrame(() => {
      const page = content.current;
      if (!page || page.contains(document.activeElement)) return;
      if (document.activeElement?.closest('[role="dialog"]')) return;
      // Ten feet away the focus must be seen, so it goes to something that shows it.
      const tv = document.documentElement.dataset.layout === 'tv';
      const shown = tv ? page.querySelector<HTMLElement>('textarea, input, button') : null;
      (shown ?? page).focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [path, content]);
}
