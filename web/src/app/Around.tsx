// What goes on around the pages once the first one stands, and shows nothing on them: notifications, reminders that are
// due, drafts on their way between devices, the emoji of this server, whether somebody is there, and the finger that pulls a
// page aside.

import { useEffect, type RefObject } from 'react';
import { actions, api, useConnection, useOwnChanges, type ConversationEntry } from '@/sync';
import type { EmojiList } from '@/protocol.gen';
import { refreshCustom, setCustomSource } from '@/ui/emoji/custom';
import { DueReminders } from '@/features/reminder/DueReminders';
import { go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import Notifications from './Notifications';
import { useActivity } from './useActivity';
import { useSwipe } from './useSwipe';

async function emoji() {
  const { items } = await api.get<EmojiList>('/emoji');
  return items.map(({ name, file_id }) => ({ name, fileId: file_id }));
}

interface AroundProps {
  entries: readonly ConversationEntry[] | null;
  self: string;
  content: RefObject<HTMLElement | null>;
  /** A page is open, which on a phone hides the list. */
  open: boolean;
}

function toList(): void {
  go(paths.home);
}

export default function Around({ entries, self, content, open }: AroundProps) {
  useActivity();
  useSwipe(content, open, toList);
  useEffect(() => {
    setCustomSource(emoji);
    return () => setCustomSource(null);
  }, []);
  const changes = useOwnChanges('emoji');
  useEffect(() => {
    if (changes > 0) refreshCustom();
  }, [changes]);
  const { phase } = useConnection();
  useEffect(() => {
    // Out of reach: asked for again when there is a connection.
    if (phase === 'live') actions.exchangeDrafts().catch(() => undefined);
  }, [phase]);
  return (
    <>
      <Notifications entries={entries} self={self} />
      <DueReminders />
    </>
  );
}
