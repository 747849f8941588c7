// The whole client: who is signed in decides which half of it is shown.

import { useEffect, useState } from 'react';
import { Redirect, Route, Router, Switch, useLocation, useSearch } from 'wouter';
import { destination, signInPath } from '@/features/auth/destination';
import { late } from '@/lib/late';
import { usePrepared } from '@/lib/later';
import { paths } from '@/lib/paths';
import { useSession, type SessionState } from '@/sync';
import { Loading } from '@/ui';
import { Toasts } from '@/ui/Toasts';
import { Boundary } from './Boundary';
import { Overlays } from './Overlays';
import { useGuardedLocation } from './router';
import { useServer } from './server';
import { Shell } from './Shell';

const Gate = late(() => import('@/features/auth/Gate'));
const Join = late(() => import('@/features/auth/Join'));

/** Looks for new versions of the app. */
async function loadUpdates(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const { register } = await import('./updates');
  // Some browsers refuse it in private windows.
  await register().catch(() => undefined);
}

export function App() {
  return (
    // This is how `wouter` takes its hook.
    // oxlint-disable-next-line react/hooks
    <Router hook={useGuardedLocation}>
      <Pages />
      <Toasts />
    </Router>
  );
}

function Pages() {
  const session = useSession();
  const [path] = useLocation();
  usePrepared(loadUpdates);
  if (session.phase === 'starting') return <Patience />;
  return (
    <>
      <Boundary at={path}>
        <Switch>
          <Route path="/join/:code">{({ code }) => <JoinPage code={code} session={session} />}</Route>
          <Route>{session.phase === 'signed-in' ? <Inside /> : <Outside session={session} />}</Route>
        </Switch>
      </Boundary>
      {/* Questions are asked before signing in too. */}
      <Overlays signedIn={session.phase === 'signed-in'} />
    </>
  );
}

/** Reading the stored session takes a moment; only if it takes longer does it show. */
function Patience() {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), 400);
    return () => clearTimeout(timer);
  }, []);
  return long ? <Loading /> : null;
}

function JoinPage({ code, session }: { code: string; session: SessionState }) {
  const server = useServer();
  return <Join key={code} code={code} server={server} signedIn={session.phase === 'signed-in'} />;
}

function Inside() {
  const [path] = useLocation();
  const search = useSearch();
  if (path === paths.signIn || path === paths.signUp) return <Redirect to={destination(search)} replace />;
  return <Shell />;
}

function Outside({ session }: { session: SessionState }) {
  const server = useServer();
  const [path] = useLocation();
  const search = useSearch();
  useEffect(() => {
    // Without a connection there is nothing to load it from; the server has ended the device with the session.
    void import('./signedOut').then(({ forgetNotifications }) => forgetNotifications()).catch(() => undefined);
  }, []);
  if (path !== paths.signIn && path !== paths.signUp) {
    return <Redirect to={signInPath(path + (search && `?${search}`))} replace />;
  }
  return (
    <Gate
      page={path === paths.signUp ? 'sign-up' : 'sign-in'}
      server={server}
      reason={session.phase === 'signed-out' ? session.reason : undefined}
      search={search && `?${search}`}
    />
  );
}
