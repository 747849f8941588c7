// Scheduling what was written in a composer for a time of one's own.

import { sendingMoments } from '@/lib/moments';
import type { Unsent } from '@/lib/overlay';
import { useText } from '@/lib/text';
import { WhenDialog } from '@/ui/WhenDialog';
import { schedule } from './schedule';

interface ScheduleDialogProps {
  message: Unsent;
  /** It is scheduled: the composer can be emptied. */
  onDone: () => void;
  onClose: () => void;
}

export default function ScheduleDialog({ message, onDone, onClose }: ScheduleDialogProps) {
  const t = useText();
  return (
    <WhenDialog
      title={t('scheduled.choose')}
      moments={sendingMoments()}
      action={t('scheduled.schedule')}
      onChoose={(date) => schedule(message, date).then(onDone)}
      onClose={onClose}
    />
  );
}
