// Reads out what comes in while the conversation is open: politely, and only what is new.

import { useState } from 'react';
import { saidIn } from '@/lib/naming';
import { useText } from '@/lib/text';
import type { Message } from '@/protocol.gen';
import { useUser } from '@/sync';
import { Live } from '@/ui';
import { isNews } from './rows';

/** Nobody wants to listen to all of a long text before the next one. */
const SPOKEN = 300;

interface AnnouncerProps {
  messages: readonly Message[];
  me: string;
}

export function Announcer({ messages, me }: AnnouncerProps) {
  // What was there at first, or came with the history, is not news.
  const [since] = useState(() => Date.now());
  const last = messages.at(-1);
  const news = last && isNews(last, me) && Date.parse(last.created_at) >= since ? last : null;
  return <Live>{news && <Spoken message={news} />}</Live>;
}

function Spoken({ message }: { message: Message }) {
  const t = useText();
  const sender = useUser(message.sender_id);
  return t('timeline.says', {
    name: sender?.display_name ?? t('common.unknownUser'),
    text: saidIn(message).slice(0, SPOKEN),
  });
}
