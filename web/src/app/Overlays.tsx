// Shows what lies over the page. Each kind is one feature's component, loaded when it is first opened; its props are the
// overlay's fields and `onClose`.

import { Suspense } from 'react';
import { closeOverlay, useOverlay, type Overlay } from '@/lib/overlay';
import { useQuestion } from '@/ui/confirm';
import { commands } from './commands';
import { BrowseChannels, Confirm, CreateConversation, NewMessage, ShortcutSheet, Switcher } from './pages';

export function Overlays({ signedIn }: { signedIn: boolean }) {
  const overlay = useOverlay();
  const question = useQuestion();
  return (
    <>
      {overlay && signedIn && <Suspense fallback={null}>{show(overlay)}</Suspense>}
      {question && (
        <Suspense fallback={null}>
          <Confirm />
        </Suspense>
      )}
    </>
  );
}

function show(overlay: Overlay) {
  switch (overlay.kind) {
    case 'create-conversation':
      return <CreateConversation type={overlay.type} onClose={closeOverlay} />;
    case 'browse-channels':
      return <BrowseChannels onClose={closeOverlay} />;
    case 'new-message':
      return <NewMessage onClose={closeOverlay} />;
    case 'switcher':
      return <Switcher commands={commands} onClose={closeOverlay} />;
    case 'shortcuts':
      return <ShortcutSheet onClose={closeOverlay} />;
    default:
      return null;
  }
}
