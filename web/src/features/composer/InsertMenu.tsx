// What can be put into a conversation besides words.

import { AlarmClock, BarChart3, Paperclip } from 'lucide-react';
import { openOverlay } from '@/lib/overlay';
import { useText } from '@/lib/text';
import type { OpenMenu } from '@/ui/LateMenu';
import MenuAt from '@/ui/MenuAt';

interface InsertMenuProps extends OpenMenu {
  conversationId: string;
  parentId?: string | null | undefined;
  onFiles: () => void;
}

export default function InsertMenu({ conversationId, parentId, onFiles, ...open }: InsertMenuProps) {
  const t = useText();
  return (
    <MenuAt
      {...open}
      side="top"
      items={[
        { label: t('composer.attach'), icon: <Paperclip size="1em" />, onSelect: onFiles },
        {
          label: t('poll.title'),
          icon: <BarChart3 size="1em" />,
          onSelect: () => openOverlay({ kind: 'create-poll', conversationId, ...(parentId && { parentId }) }),
        },
        {
          label: t('reminder.new'),
          icon: <AlarmClock size="1em" />,
          onSelect: () => openOverlay({ kind: 'remind', text: '' }),
        },
      ]}
    />
  );
}
