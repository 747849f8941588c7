// Everything about a conversation besides its messages, as a dialog or, where there is room, as a pane beside it. What
// one may not do there is not shown.

import { X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { conversationName } from '@/lib/naming';
import type { DetailsTab } from '@/lib/overlay';
import { useText } from '@/lib/text';
import { IconButton } from '@/ui';
import { Dialog } from '@/ui/Dialog';
import { Tabs } from '@/ui/Tabs';
import { useConversation, useSession, type ConversationEntry } from '@/sync';
import { About } from './About';
import { ConversationInvitations } from './ConversationInvitations';
import { ConversationSettings } from './ConversationSettings';
import styles from './Details.module.css';
import { Members } from './Members';
import { Pins } from './Pins';
import { rights } from './rights';

export interface DetailsProps {
  conversationId: string;
  tab?: DetailsTab;
  onClose: () => void;
  /** The programs around it. */
  integrations: ReactNode;
  /** Draws the files of a conversation. */
  renderFiles: (conversationId: string) => ReactNode;
  /** Beside the conversation instead of over it. */
  pane?: boolean;
}

export default function Details(props: DetailsProps) {
  const { conversationId, tab, onClose, integrations, renderFiles, pane = false } = props;
  const t = useText();
  const entry = useConversation(conversationId);
  const session = useSession();
  if (!entry) return null;
  const self = session.phase === 'signed-in' ? session.userId : undefined;
  const title = conversationName(entry.conversation, entry.peer, self, t);
  const content = (
    <Content
      key={conversationId}
      entry={entry}
      self={self}
      first={tab ?? 'about'}
      integrations={integrations}
      renderFiles={renderFiles}
      onClose={onClose}
    />
  );
  if (!pane) {
    return (
      <Dialog title={title} wide onClose={onClose}>
        <div className={styles.dialog}>{content}</div>
      </Dialog>
    );
  }
  return (
    <aside className={styles.pane} aria-label={t('header.details')}>
      <header className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        <IconButton label={t('common.close')} onClick={onClose}>
          <X size="1.25em" />
        </IconButton>
      </header>
      <div className={styles.body}>{content}</div>
    </aside>
  );
}

interface ContentProps {
  entry: ConversationEntry;
  self: string | undefined;
  first: DetailsTab;
  integrations: ReactNode;
  renderFiles: DetailsProps['renderFiles'];
  onClose: () => void;
}

function Content({ entry, self, first, integrations, renderFiles, onClose }: ContentProps) {
  const t = useText();
  const [asked, choose] = useState(first);
  const { conversation } = entry;
  const direct = conversation.type === 'direct';
  const { may } = rights(entry);
  const tabs: { id: DetailsTab; label: string }[] = [
    { id: 'about', label: t('conversation.about') },
    ...(direct ? [] : [{ id: 'members' as const, label: t('conversation.members') }]),
    { id: 'pins', label: t('header.pins') },
    { id: 'files', label: t('file.title') },
    ...(may('invite') ? [{ id: 'invitations' as const, label: t('conversation.invitations') }] : []),
    ...(may('webhooks') ? [{ id: 'webhooks' as const, label: t('webhook.title') }] : []),
    ...(!direct || may('expire') ? [{ id: 'settings' as const, label: t('conversation.settings') }] : []),
  ];
  // Somebody may lose a right while they look at what it gave them.
  const chosen = tabs.some(({ id }) => id === asked) ? asked : 'about';
  return (
    <Tabs label={t('header.details')} tabs={tabs} chosen={chosen} onChoose={choose}>
      {chosen === 'about' && <About entry={entry} />}
      {chosen === 'members' && <Members entry={entry} self={self} />}
      {chosen === 'pins' && <Pins entry={entry} onClose={onClose} />}
      {chosen === 'files' && renderFiles(conversation.id)}
      {chosen === 'invitations' && <ConversationInvitations conversationId={conversation.id} />}
      {chosen === 'webhooks' && integrations}
      {chosen === 'settings' && <ConversationSettings entry={entry} onClose={onClose} />}
    </Tabs>
  );
}
