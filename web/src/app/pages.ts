// What is loaded when it is needed: the pages, and what lies over them.

import { lazy } from 'react';
import { late } from '@/lib/late';
import { conversationAt } from './router';

const loadConversationPage = () => import('./conversation/ConversationPage');
const loadSwitcher = () => import('./SwitcherWithCommands');

/** Begins to load the page that the address leads to, while the rest of the start goes on. */
export function loadAhead(path: string): void {
  // Whoever shows it hears of a failure.
  if (conversationAt(path)) void loadConversationPage().catch(() => undefined);
}

/** Loads what is typed into at once when it opens: keys must not go elsewhere while it is on its way. */
export function loadLater(): void {
  loadSwitcher().catch(() => undefined);
}

export const ConversationPage = lazy(async () => {
  const page = await loadConversationPage();
  return { default: page.ConversationPage };
});
export const ActivityPage = late(() => import('@/features/activity/ActivityPage'));
export const AdminPage = late(() => import('./Administration'));
export const ContactsPage = late(() => import('@/features/contact/ContactsPage'));
export const LaterPage = late(() => import('./LaterPage'));
export const SearchPage = late(() => import('@/features/search/SearchPage'));
export const SettingsPage = late(() => import('@/features/settings/SettingsPage'));

export const BrowseChannels = late(() => import('@/features/conversations/BrowseChannels'));
export const CommandAnswer = late(() => import('@/features/composer/CommandAnswer'));
export const Confirm = late(() => import('@/ui/Confirm'));
export const CreatePoll = late(() => import('@/features/poll/CreatePoll'));
export const CreateConversation = late(() => import('@/features/conversations/CreateConversation'));
export const Details = late(() => import('./ConversationDetails'));
export const Farewell = late(() => import('@/features/settings/Farewell'));
export const Forward = late(() => import('@/features/message/Forward'));
export const JumpToDate = late(() => import('@/features/timeline/JumpToDate'));
export const NewMessage = late(() => import('@/features/conversations/NewMessage'));
export const ProfileCard = late(() => import('@/features/profile/ProfileCard'));
export const Around = lazy(() => import('./Around'));
export const RemindDialog = late(() => import('@/features/reminder/RemindDialog'));
export const ScheduleDialog = late(() => import('@/features/composer/ScheduleDialog'));
export const Voters = late(() => import('@/features/poll/Voters'));
export const Reactors = late(() => import('@/features/reaction/Reactors'));
export const ShortcutSheet = late(() => import('@/features/shortcuts/ShortcutSheet'));
export const StatusDialog = late(() => import('@/features/profile/StatusDialog'));
export const Switcher = late(loadSwitcher);
export const Viewer = late(() => import('@/features/file/Viewer'));
