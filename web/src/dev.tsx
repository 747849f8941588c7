import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { Route, Switch, useSearch } from 'wouter';
import { ConversationPage } from '@/app/conversation/ConversationPage';
import { closeOverlay, useOverlay } from '@/lib/overlay';
import { preferences } from '@/lib/preferences';
import { preferredLanguage, setLanguage } from '@/lib/text';
import { actions, start, useSession, useConversations } from '@/sync';
import Confirm from '@/ui/Confirm';
import { Toasts } from '@/ui/Toasts';
import '@/ui/base.css';
const Reactors = lazy(() => import('@/features/reaction/Reactors'));
const Forward = lazy(() => import('@/features/message/Forward'));
const JumpToDate = lazy(() => import('@/features/timeline/JumpToDate'));
function Page({ params }: any) {
  const at = new URLSearchParams(useSearch()).get('at');
  return <ConversationPage conversationId={params.id} parentId={params.parent ?? null} at={at ? Number(at) : null} />;
}
function Overlays() {
  const o = useOverlay();
  return <Suspense fallback={null}>
    {o?.kind === 'reactors' && <Reactors {...o} onClose={closeOverlay} />}
    {o?.kind === 'forward' && <Forward {...o} onClose={closeOverlay} />}
    {o?.kind === 'jump-to-date' && <JumpToDate {...o} onClose={closeOverlay} />}
  </Suspense>;
}
function App() {
  const session = useSession();
  const list = useConversations();
  (window as any).lc = { actions, session, list };
  return <div style={{ display: 'flex', height: '100%' }}>
    <Switch>
      <Route path="/c/:id/t/:parent" component={Page} />
      <Route path="/c/:id" component={Page} />
      <Route>{session.phase} {list?.length}</Route>
    </Switch>
    <Overlays /><Confirm /><Toasts />
  </div>;
}
void (async () => {
  await setLanguage(preferences().language ?? preferredLanguage());
  const p = preferences();
  if (p.theme !== 'system') document.documentElement.dataset.theme = p.theme;
  if (p.layout === 'tv') document.documentElement.dataset.layout = 'tv';
  await start();
  const root = document.getElementById('root');
  if (root) createRoot(root).render(<App />);
})();
