// Scheduling a message: it is kept by the server and sent at its time, also when no device of ours is there.

import { go, type Unsent } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { wallTime, zoneHere } from '@/lib/moments';
import { t } from '@/lib/text';
import { full } from '@/lib/time';
import type { Scheduled, ScheduledSave } from '@/protocol.gen';
import { api } from '@/sync';
import { toast } from '@/ui';

/** A wall time stays what it says when the rules of the time zone change meanwhile. */
export async function schedule(message: Unsent, date: Date): Promise<void> {
  const save: ScheduledSave = { ...message, at: wallTime(date), time_zone: zoneHere() };
  const made = await api.post<Scheduled>('/me/scheduled', save);
  toast(t('scheduled.done', { when: full(made.send_at) }), {
    action: { label: t('scheduled.show'), run: () => go(paths.later('scheduled')) },
  });
}
