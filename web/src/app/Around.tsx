// What goes on around the pages once the first one stands, and shows nothing on them: notifications, reminders that are
// due, and the emoji of this server.

import { useEffect } from 'react';
import { api, type ConversationEntry } from '@/sync';
import type { EmojiList } from '@/protocol.soon';
import { setCustomSource } from '@/ui/emoji/custom';
import { DueReminders } from '@/features/reminder/DueReminders';
import Notifications from './Notifications';

async function emoji() {
  const { items } = await api.get<EmojiList>('/emoji');
  return items.map(({ name, file_id }) => ({ name, fileId: file_id }));
}

interface AroundProps {
  entries: readonly ConversationEntry[] | null;
  self: string;
}

export default function Around({ entries, self }: AroundProps) {
  useEffect(() => {
    setCustomSource(emoji);
    return () => setCustomSource(null);
  }, []);
  return (
    <>
      <Notifications entries={entries} self={self} />
      <DueReminders />
    </>
  );
}
