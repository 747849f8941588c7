// When to send, if not now: the menu beside the button that sends.

import { CalendarClock, Clock } from 'lucide-react';
import { momentValues, sendingMoments } from '@/lib/moments';
import { go, openOverlay, type Unsent } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import { attempt } from '@/ui/attempt';
import type { OpenMenu } from '@/ui/LateMenu';
import MenuAt from '@/ui/MenuAt';
import { schedule } from './schedule';

interface SendMenuProps extends OpenMenu {
  /** Null: there is nothing to send. */
  message: Unsent | null;
  onDone: () => void;
}

export default function SendMenu({ message, onDone, ...open }: SendMenuProps) {
  const t = useText();
  const send = async (unsent: Unsent, date: Date) => {
    if (await attempt(schedule(unsent, date))) onDone();
  };
  return (
    <MenuAt
      {...open}
      side="top"
      align="end"
      items={[
        ...(message
          ? [
              ...sendingMoments().map((moment) => ({
                label: t(moment.label, momentValues(moment)),
                icon: <Clock size="1em" />,
                onSelect: () => void send(message, moment.date),
              })),
              {
                label: t('later.own'),
                icon: <CalendarClock size="1em" />,
                onSelect: () => openOverlay({ kind: 'schedule', message, onDone }),
              },
              'line' as const,
            ]
          : []),
        {
          label: t('scheduled.title'),
          onSelect: () => go(paths.later('scheduled')),
        },
      ]}
    />
  );
}
