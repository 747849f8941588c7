// What is loaded when it is needed: the pages, and what lies over them.

import { lazy } from 'react';

export const BrowseChannels = lazy(() => import('@/features/conversations/BrowseChannels'));
export const CreateConversation = lazy(() => import('@/features/conversations/CreateConversation'));
export const NewMessage = lazy(() => import('@/features/conversations/NewMessage'));
export const Switcher = lazy(() => import('@/features/switcher/Switcher'));
export const ShortcutSheet = lazy(() => import('@/features/shortcuts/ShortcutSheet'));
export const Confirm = lazy(() => import('@/ui/Confirm'));
