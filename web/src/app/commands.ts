// What can be done by typing its name into the quick switcher.

import { openOverlay, go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { setPreferences } from '@/lib/preferences';
import type { TextKey } from '@/lib/text';

export interface Command {
  readonly label: TextKey;
  readonly run: () => void;
  /** For those who administer the server. */
  readonly admin?: boolean;
}

export const commands: readonly Command[] = [
  { label: 'conversations.newMessage', run: () => openOverlay({ kind: 'new-message' }) },
  { label: 'conversations.newGroup', run: () => openOverlay({ kind: 'create-conversation', type: 'group' }) },
  { label: 'conversations.newChannel', run: () => openOverlay({ kind: 'create-conversation', type: 'channel' }) },
  { label: 'conversations.browse', run: () => openOverlay({ kind: 'browse-channels' }) },
  { label: 'conversations.setStatus', run: () => openOverlay({ kind: 'status' }) },
  { label: 'shortcuts.search', run: () => go(paths.search()) },
  { label: 'saved.title', run: () => go(paths.later('saved')) },
  { label: 'reminder.title', run: () => go(paths.later('reminders')) },
  { label: 'scheduled.title', run: () => go(paths.later('scheduled')) },
  { label: 'activity.title', run: () => go(paths.activity) },
  { label: 'conversations.contactsPage', run: () => go(paths.contacts) },
  { label: 'conversations.settings', run: () => go(paths.settings()) },
  { label: 'conversations.admin', run: () => go(paths.admin()), admin: true },
  { label: 'switcher.themeLight', run: () => setPreferences({ theme: 'light' }) },
  { label: 'switcher.themeDark', run: () => setPreferences({ theme: 'dark' }) },
  { label: 'switcher.themeSystem', run: () => setPreferences({ theme: 'system' }) },
  { label: 'shortcuts.title', run: () => openOverlay({ kind: 'shortcuts' }) },
];
