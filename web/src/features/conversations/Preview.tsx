// The second line of a row: who is typing, what one has begun to write, or the last message.

import { isNotes } from '@/lib/entry';
import { saidIn } from '@/lib/naming';
import { useText, type TextKey } from '@/lib/text';
import type { Message, SystemEvent } from '@/protocol.gen';
import { useDraft, useSession, useTyping, useUser, type ConversationEntry } from '@/sync';
import { plain } from './plain';
import styles from './Row.module.css';

export function Preview({ entry, draft }: { entry: ConversationEntry; draft: boolean }) {
  const t = useText();
  const typing = useTyping(entry.conversation.id);
  if (typing.length > 0) return <Typing entry={entry} users={typing} />;
  if (draft) return <Draft conversationId={entry.conversation.id} />;
  return (
    <span className={styles.preview} dir="auto">
      {entry.lastMessage ? <Last entry={entry} message={entry.lastMessage} /> : t('conversations.nothingYet')}
    </span>
  );
}

function Draft({ conversationId }: { conversationId: string }) {
  const t = useText();
  const text = useDraft(conversationId);
  return (
    <span className={styles.preview} dir="auto">
      <span className={styles.draft}>{t('conversations.draft')} </span>
      {isolated(plain(text))}
    </span>
  );
}

function Typing({ entry, users }: { entry: ConversationEntry; users: readonly string[] }) {
  const t = useText();
  const first = useUser(users[0] ?? '');
  const several = users.length > 1;
  const text =
    entry.conversation.type === 'direct'
      ? t('conversations.typing')
      : several || !first
        ? t('conversations.severalTyping')
        : t('conversations.someoneTyping', { name: first.display_name });
  return (
    <span className={styles.typing} dir="auto">
      {text}
    </span>
  );
}

const events: Partial<Record<SystemEvent['event'], TextKey>> = {
  created: 'conversations.systemCreated',
  joined: 'conversations.systemJoined',
  added: 'conversations.systemAdded',
  left: 'conversations.systemLeft',
  renamed: 'conversations.systemRenamed',
  pinned: 'conversations.systemPinned',
};

function Last({ entry, message }: { entry: ConversationEntry; message: Message }) {
  const t = useText();
  const session = useSession();
  const own = session.phase === 'signed-in' && message.sender_id === session.userId;
  if (message.deleted_at) return <i>{t('conversations.deleted')}</i>;
  if (message.system) return <System message={message} event={message.system.event} own={own} />;
  const text = isolated(plain(saidIn(message)));
  if (own) return isNotes(entry) ? text : t('conversations.youSaid', { text });
  if (entry.conversation.type === 'direct') return text;
  return <Said by={message.sender_id} text={text} />;
}

/** In a direction of its own, whatever stands around it. */
function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

function Said({ by, text }: { by: string; text: string }) {
  const t = useText();
  const sender = useUser(by);
  return sender ? t('conversations.someoneSaid', { name: sender.display_name, text }) : text;
}

function System({ message, event, own }: { message: Message; event: SystemEvent['event']; own: boolean }) {
  const t = useText();
  const sender = useUser(message.sender_id);
  const name = own ? t('common.you') : (sender?.display_name ?? t('common.unknownUser'));
  return t(events[event] ?? 'conversations.systemOther', { name });
}
