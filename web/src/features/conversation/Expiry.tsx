// How long messages of a conversation stay.

import { useText } from '@/lib/text';
import { span } from '@/lib/time';
import type { Conversation } from '@/protocol.gen';
import { confirm } from '@/ui';
import { attempt } from '@/ui/attempt';
import { Select } from '@/ui/Choice';
import { actions } from '@/sync';

const DAY = 86_400;
const choices = [3_600, DAY, 7 * DAY, 30 * DAY, 90 * DAY, 365 * DAY];

export function Expiry({ conversation }: { conversation: Conversation }) {
  const t = useText();
  const { id, expire_seconds: present } = conversation;
  // What another client chose is shown as well.
  const steps =
    present === null || choices.includes(present) ? choices : [...choices, present].toSorted((a, b) => a - b);

  const choose = async (seconds: number | null) => {
    const sure =
      seconds === null ||
      (await confirm({
        title: t('conversation.expiryTitle', { span: span(seconds) }),
        text: t('conversation.expiryText'),
        action: t('conversation.expirySet'),
        danger: true,
      }));
    if (!sure) return;
    await attempt(actions.updateConversation(id, { expire_seconds: seconds }), t('common.saved'));
  };

  return (
    <Select
      label={t('conversation.expiry')}
      value={String(present ?? 0)}
      onChange={(value) => void choose(Number(value) || null)}
      options={[
        { value: '0', label: t('conversation.expiryNever') },
        ...steps.map((seconds) => ({
          value: String(seconds),
          label: t('conversation.expiryAfter', { span: span(seconds) }),
        })),
      ]}
    />
  );
}
