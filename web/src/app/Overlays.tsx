// The place for what lies over the page. Nothing does at first, so what draws it is loaded when something is opened.

import { Suspense } from 'react';
import { useFarewell } from '@/lib/farewell';
import { useOverlays } from '@/lib/overlay';
import { useQuestion } from '@/ui/confirm';
import { Layers } from './pages';
import { usePane } from './usePane';

export function Overlays({ signedIn }: { signedIn: boolean }) {
  const pane = usePane();
  const overlays = useOverlays().filter((overlay) => signedIn && overlay !== pane);
  const question = useQuestion();
  const farewell = useFarewell();
  if (overlays.length === 0 && !question && !farewell) return null;
  return (
    <Suspense fallback={null}>
      <Layers overlays={overlays} />
    </Suspense>
  );
}
