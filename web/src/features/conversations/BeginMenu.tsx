// What can be begun: the menu at the top of the list.

import { Hash, PenLine, Search, Users } from 'lucide-react';
import { openOverlay } from '@/lib/overlay';
import { useText } from '@/lib/text';
import type { OpenMenu } from '@/ui/LateMenu';
import MenuAt from '@/ui/MenuAt';

export default function BeginMenu(open: OpenMenu) {
  const t = useText();
  return (
    <MenuAt
      {...open}
      align="end"
      items={[
        {
          label: t('conversations.newMessage'),
          icon: <PenLine size="1.1em" />,
          onSelect: () => openOverlay({ kind: 'new-message' }),
        },
        {
          label: t('conversations.newGroup'),
          icon: <Users size="1.1em" />,
          onSelect: () => openOverlay({ kind: 'create-conversation', type: 'group' }),
        },
        {
          label: t('conversations.newChannel'),
          icon: <Hash size="1.1em" />,
          onSelect: () => openOverlay({ kind: 'create-conversation', type: 'channel' }),
        },
        'line',
        {
          label: t('conversations.browse'),
          icon: <Search size="1.1em" />,
          onSelect: () => openOverlay({ kind: 'browse-channels' }),
        },
      ]}
    />
  );
}
