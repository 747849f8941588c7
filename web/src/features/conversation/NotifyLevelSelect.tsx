// How much one is told of in this conversation, in place of what one's settings say.

import { useText } from '@/lib/text';
import type { Notify } from '@/protocol.gen';
import { Select } from '@/ui/Choice';
import type { ConversationEntry } from '@/sync';
import { change } from './useMuting';

export function NotifyLevelSelect({ entry }: { entry: ConversationEntry }) {
  const t = useText();
  const { notify } = entry.membership;
  return (
    <Select<Notify>
      label={t('notify.here')}
      value={notify}
      onChange={(next) => change(entry.conversation.id, { notify: next })}
      options={[
        { value: 'default', label: t('notify.asSettings') },
        { value: 'all', label: t('notify.all') },
        { value: 'mentions', label: t('notify.mentions') },
        { value: 'none', label: t('notify.none') },
      ]}
    />
  );
}
