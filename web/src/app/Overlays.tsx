// Shows what lies over the page. Each kind is one feature's component, loaded when it is first opened; its props are the
// overlay's fields and `onClose`.

import { Suspense } from 'react';
import { closeOverlay, useOverlays, type Overlay } from '@/lib/overlay';
import { useQuestion } from '@/ui/confirm';
import {
  BrowseChannels,
  Confirm,
  CreateConversation,
  Details,
  Forward,
  JumpToDate,
  NewMessage,
  ProfileCard,
  Reactors,
  ShortcutSheet,
  StatusDialog,
  Switcher,
} from './pages';
import { usePane } from './usePane';

export function Overlays({ signedIn }: { signedIn: boolean }) {
  const overlays = useOverlays();
  const pane = usePane();
  const question = useQuestion();
  return (
    <>
      {signedIn &&
        overlays.map(
          (overlay) =>
            overlay !== pane && (
              <Suspense key={overlay.kind} fallback={null}>
                {show(overlay)}
              </Suspense>
            ),
        )}
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
    case 'profile':
      return <ProfileCard key={overlay.userId} userId={overlay.userId} onClose={closeOverlay} />;
    case 'details': {
      const { conversationId, tab } = overlay;
      return <Details conversationId={conversationId} {...(tab && { tab })} onClose={closeOverlay} />;
    }
    case 'create-conversation':
      return <CreateConversation key={overlay.type} type={overlay.type} onClose={closeOverlay} />;
    case 'browse-channels':
      return <BrowseChannels onClose={closeOverlay} />;
    case 'new-message':
      return <NewMessage onClose={closeOverlay} />;
    case 'switcher':
      return <Switcher onClose={closeOverlay} />;
    case 'shortcuts':
      return <ShortcutSheet onClose={closeOverlay} />;
    case 'status':
      return <StatusDialog onClose={closeOverlay} />;
    case 'forward':
      return <Forward message={overlay.message} onClose={closeOverlay} />;
    case 'reactors':
      return <Reactors message={overlay.message} emoji={overlay.emoji} onClose={closeOverlay} />;
    case 'jump-to-date':
      return <JumpToDate conversationId={overlay.conversationId} onClose={closeOverlay} />;
    default:
      return overlay satisfies never;
  }
}
