// The invitation links into a conversation.

import { useCallback } from 'react';
import { useText } from '@/lib/text';
import { Invitations } from '@/ui/Invitations';
import type { Invitation, Page } from '@/protocol.gen';
import { api } from '@/sync';
import { Name } from './About';
import styles from './Details.module.css';

export function ConversationInvitations({ conversationId }: { conversationId: string }) {
  const t = useText();
  const path = `/conversations/${conversationId}/invitations`;
  const load = useCallback(
    (cursor: string | undefined, signal: AbortSignal) => api.get<Page<Invitation>>(path, { cursor }, signal),
    [path],
  );
  return (
    <div className={styles.scroll}>
      <p className={styles.faint}>{t('conversation.invitationsText')}</p>
      <Invitations
        load={load}
        make={(create) => api.post<Invitation>(path, create)}
        revoke={(id) => api.delete(`${path}/${id}`)}
        Who={Name}
      />
    </div>
  );
}
