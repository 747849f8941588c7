// The programs around a conversation, or around the whole server: those that post, and those that are told.

import { useText } from '@/lib/text';
import { Section } from '@/ui/Section';
import { Incoming } from './Incoming';
import { Outgoing } from './Outgoing';
import styles from './Webhooks.module.css';

export default function Webhooks({ conversationId }: { conversationId: string | null }) {
  const t = useText();
  return (
    <div className={styles.scroll}>
      {conversationId && (
        <Section title={t('webhook.incoming')} text={t('webhook.incomingText')}>
          <Incoming conversationId={conversationId} />
        </Section>
      )}
      <Section
        title={t('webhook.outgoing')}
        text={t(conversationId ? 'webhook.outgoingText' : 'webhook.outgoingServerText')}
      >
        <Outgoing conversationId={conversationId} />
      </Section>
    </div>
  );
}
