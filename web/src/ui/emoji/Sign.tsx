// An emoji as people react with it: a sign, or the name of one of this server's between colons.

import { lazy, Suspense } from 'react';

const Custom = lazy(() => import('./Custom'));

export function Sign({ emoji }: { emoji: string }) {
  if (!emoji.startsWith(':')) return emoji;
  return (
    <Suspense fallback={emoji}>
      <Custom name={emoji.slice(1, -1)} />
    </Suspense>
  );
}
