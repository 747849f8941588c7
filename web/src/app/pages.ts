// What is loaded when it is needed: the pages, and what lies over them.

import { lazy } from 'react';
import { late } from '@/lib/late';
import { conversationAt } from './router';

const loadConversationPage = () => import('./conversation/ConversationPage');
export const loadLayers = () => import('./Layers');
export const loadSwitcher = () => import('./SwitcherWithCommands');

/** Begins to load the page that the address leads to, while the rest of the start goes on. */
export function loadAhead(path: string): void {
  // Whoever shows it hears of a failure.
  if (conversationAt(path)) void loadConversationPage().catch(() => undefined);
}

export const ConversationPage = lazy(async () => {
  const page = await loadConversationPage();
  return { default: page.ConversationPage };
});

export const OtherPages = late(() => import('./OtherPages'));
export const Details = late(() => import('./ConversationDetails'));
export const Layers = lazy(loadLayers);
export const loadAround = () => import('./Around');
export const Around = lazy(loadAround);
