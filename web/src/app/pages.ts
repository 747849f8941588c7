// What is loaded when it is needed: the pages, and what lies over them.

import { lazy } from 'react';

export const ConversationPage = lazy(async () => {
  const page = await import('./conversation/ConversationPage');
  return { default: page.ConversationPage };
});
export const AdminPage = lazy(() => import('@/features/admin/AdminPage'));
export const ContactsPage = lazy(() => import('@/features/contact/ContactsPage'));
export const SettingsPage = lazy(() => import('@/features/settings/SettingsPage'));

export const BrowseChannels = lazy(() => import('@/features/conversations/BrowseChannels'));
export const Confirm = lazy(() => import('@/ui/Confirm'));
export const CreateConversation = lazy(() => import('@/features/conversations/CreateConversation'));
export const Details = lazy(() => import('@/features/conversation/Details'));
export const Forward = lazy(() => import('@/features/message/Forward'));
export const JumpToDate = lazy(() => import('@/features/timeline/JumpToDate'));
export const NewMessage = lazy(() => import('@/features/conversations/NewMessage'));
export const ProfileCard = lazy(() => import('@/features/profile/ProfileCard'));
export const Reactors = lazy(() => import('@/features/reaction/Reactors'));
export const ShortcutSheet = lazy(() => import('@/features/shortcuts/ShortcutSheet'));
export const StatusDialog = lazy(() => import('@/features/profile/StatusDialog'));
export const Switcher = lazy(() => import('@/features/switcher/Switcher'));
