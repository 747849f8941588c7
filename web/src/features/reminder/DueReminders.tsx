// Says that a reminder is due, in the tab that is looked at. Shows nothing by itself.

import { useEffect } from 'react';
import { go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { t } from '@/lib/text';
import type { Page } from '@/protocol.gen';
import type { Reminder } from '@/protocol.soon';
import { api } from '@/sync';
import { toast } from '@/ui';
import { onReminders } from './changes';
import { dueNow, keyOf, untilNext } from './due';

const told = new Set<string>();

function tell(reminder: Reminder): void {
  told.add(keyOf(reminder));
  toast(reminder.text ? t('reminder.dueNotice', { text: reminder.text }) : t('reminder.dueMessage'), {
    action: { label: t('reminder.show'), run: () => go(paths.later('reminders')) },
  });
}

export function DueReminders() {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const look = async () => {
      clearTimeout(timer);
      if (document.visibilityState !== 'visible') return;
      // Out of reach: asked again when somebody comes back to the page.
      const page = await api.get<Page<Reminder>>('/me/reminders').catch(() => null);
      if (gone || !page) return;
      dueNow(page.items, told).forEach(tell);
      const wait = untilNext(page.items, Date.now());
      clearTimeout(timer);
      if (wait !== null) timer = setTimeout(() => void look(), wait);
    };
    const again = () => void look();
    again();
    const stop = onReminders(again);
    document.addEventListener('visibilitychange', again);
    window.addEventListener('online', again);
    return () => {
      gone = true;
      clearTimeout(timer);
      stop();
      document.removeEventListener('visibilitychange', again);
      window.removeEventListener('online', again);
    };
  }, []);
  return null;
}
