// Passing a message on: one picks where to, and it is there.

import { Hash, Search, Users } from 'lucide-react';
import { useRef, useState } from 'react';
import { conversationName } from '@/lib/naming';
import { paths } from '@/lib/paths';
import { may } from '@/lib/permissions';
import { saidIn } from '@/lib/naming';
import { useText } from '@/lib/text';
import { navigate } from 'wouter/use-browser-location';
import type { Message } from '@/protocol.gen';
import { actions, useConversations, useSession, type ConversationEntry } from '@/sync';
import { Avatar, Empty, Field, complain, toast } from '@/ui';
import { Dialog } from '@/ui/Dialog';
import styles from './Forward.module.css';

interface ForwardProps {
  message: Message;
  onClose: () => void;
}

/** So many are offered; who wants another one types a part of its name. */
const OFFERED = 30;

export default function Forward({ message, onClose }: ForwardProps) {
  const t = useText();
  const field = useRef<HTMLInputElement>(null);
  const entries = useConversations() ?? [];
  const session = useSession();
  const self = session.phase === 'signed-in' ? session.userId : undefined;
  const nameOf = ({ conversation, peer }: ConversationEntry) => conversationName(conversation, peer, self, t);
  const [sought, setSought] = useState('');
  const [busy, setBusy] = useState(false);
  const found = entries.filter((entry) => writable(entry) && matches(nameOf(entry), sought)).slice(0, OFFERED);

  const forward = async (entry: ConversationEntry) => {
    const { id } = entry.conversation;
    setBusy(true);
    try {
      await actions.forward(message, id);
      onClose();
      toast(t('message.forwardedTo', { name: nameOf(entry) }), {
        action: { label: t('message.show'), run: () => navigate(paths.conversation(id)) },
      });
    } catch (problem) {
      setBusy(false);
      complain(problem);
    }
  };

  return (
    <Dialog title={t('message.forwardTitle')} onClose={onClose} initialFocus={field}>
      <blockquote className={styles.preview} dir="auto">
        {saidIn(message)}
      </blockquote>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const [first] = found;
          // Enter goes to the first one, once something was typed.
          if (first && sought.trim() !== '' && !busy) void forward(first);
        }}
      >
        <Field
          ref={field}
          type="search"
          label={t('message.forwardWhere')}
          value={sought}
          onChange={(event) => setSought(event.target.value)}
        />
      </form>
      <ul className={styles.list}>
        {found.map((entry) => (
          <li key={entry.conversation.id}>
            <button type="button" className={styles.item} disabled={busy} onClick={() => void forward(entry)}>
              <Face entry={entry} />
              <bdi className={styles.name}>{nameOf(entry)}</bdi>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <Empty icon={<Search size="2em" />} title={t('message.forwardNowhere')} />}
    </Dialog>
  );
}

function Face({ entry: { conversation, peer } }: { entry: ConversationEntry }) {
  if (peer) return <Avatar id={peer.id} name={peer.display_name} src={peer.avatar} />;
  return (
    <Avatar id={conversation.id} name={conversation.name ?? ''} src={conversation.avatar}>
      {conversation.type === 'channel' ? <Hash size="1.25em" /> : <Users size="1.25em" />}
    </Avatar>
  );
}

function matches(name: string, sought: string): boolean {
  return name.toLocaleLowerCase().includes(sought.trim().toLocaleLowerCase());
}

function writable({ conversation, membership }: ConversationEntry): boolean {
  const { type, archived_at, read_only } = conversation;
  return !archived_at && may(membership.role, read_only ? 'sendWhenReadOnly' : 'send', type);
}
