// Starts the client: the words first, then the page.

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '@/app/App';
import { followPreferences } from '@/app/appearance';
import { loadAhead } from '@/app/pages';
import { followViewport } from '@/app/viewport';
import { preferences } from '@/lib/preferences';
import { preferredLanguage, setLanguage } from '@/lib/text';
import { start } from '@/sync';
// Hears the browser's offer to install the app, which comes early and only once.
import '@/lib/install';
import '@/ui/base.css';

async function main(): Promise<void> {
  const root = document.getElementById('root');
  if (!root) return;
  // Reads the stored session while the words are on their way.
  void start();
  loadAhead(location.pathname);
  await setLanguage(preferences().language ?? preferredLanguage());
  followPreferences();
  followViewport();
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

void main();
