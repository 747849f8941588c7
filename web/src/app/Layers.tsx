// What lies over the page. Each kind is one feature's component, loaded when it is first opened; its props are the
// overlay's fields and `onClose`.

import { Suspense } from 'react';
import { useFarewell } from '@/lib/farewell';
import { late } from '@/lib/late';
import { closeOverlay, type Overlay } from '@/lib/overlay';
import { useQuestion } from '@/ui/confirm';
import { Details, loadSwitcher } from './pages';

const BrowseChannels = late(() => import('@/features/conversations/BrowseChannels'));
const Confirm = late(() => import('@/ui/Confirm'));
const CreateConversation = late(() => import('@/features/conversations/CreateConversation'));
const CreatePoll = late(() => import('@/features/poll/CreatePoll'));
const Farewell = late(() => import('@/features/settings/Farewell'));
const Forward = late(() => import('@/features/message/Forward'));
const JumpToDate = late(() => import('@/features/timeline/JumpToDate'));
const NewMessage = late(() => import('@/features/conversations/NewMessage'));
const ProfileCard = late(() => import('@/features/profile/ProfileCard'));
const Reactors = late(() => import('@/features/reaction/Reactors'));
const RemindDialog = late(() => import('@/features/reminder/RemindDialog'));
const ScheduleDialog = late(() => import('@/features/composer/ScheduleDialog'));
const ShortcutSheet = late(() => import('@/features/shortcuts/ShortcutSheet'));
const StatusDialog = late(() => import('@/features/profile/StatusDialog'));
const Switcher = late(loadSwitcher);
const Voters = late(() => import('@/features/poll/Voters'));
const Viewer = late(() => import('@/features/file/Viewer'));

export default function Layers({ overlays }: { overlays: readonly Overlay[] }) {
  const question = useQuestion();
  const farewell = useFarewell();
  return (
    <>
      {overlays.map((overlay) => (
        <Suspense key={overlay.kind} fallback={null}>
          {show(overlay)}
        </Suspense>
      ))}
      {farewell && (
        <Suspense fallback={null}>
          <Farewell report={farewell} />
        </Suspense>
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
    case 'schedule':
      return <ScheduleDialog message={overlay.message} onDone={overlay.onDone} onClose={closeOverlay} />;
    case 'remind': {
      const { message, text } = overlay;
      return (
        <RemindDialog
          {...(message && { messageId: message.id })}
          {...(text !== undefined && { text })}
          onClose={closeOverlay}
        />
      );
    }
    case 'create-poll': {
      const { conversationId, parentId, question } = overlay;
      return (
        <CreatePoll conversationId={conversationId} parentId={parentId} question={question} onClose={closeOverlay} />
      );
    }
    case 'voters': {
      const { messageId, option, text } = overlay;
      return <Voters messageId={messageId} option={option} text={text} onClose={closeOverlay} />;
    }
    case 'viewer': {
      const { kind: _, ...what } = overlay;
      return <Viewer {...what} onClose={closeOverlay} />;
    }
    default:
      return overlay satisfies never;
  }
}
