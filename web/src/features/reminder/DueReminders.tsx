// Says that a reminder is due, in the tab that is looked at. Shows nothing by itself. The server says when something about
// reminders has changed; their own time is looked at as well, because that may come while there is no connection.

import { useEffect } from 'react';
import { go } from '@/lib/overlay';
import { paths } from '@/lib/paths';
import { t } from '@/lib/text';
import type { Page, Reminder } from '@/protocol.gen';
import { api, useOwnChanges } from '@/sync';
import { toast } from '@/ui';
import { dueNow, keyOf, untilNext } from './due';

const told = new Set<string>();

function tell(reminder: Reminder): void {
  told.add(keyOf(reminder));
  toast(reminder.text ? t('reminder.dueNotice', { text: reminder.text }) : t('reminder.dueMessage'), {
    action: { label: t('reminder.show'), run: () => go(paths.later('reminders')) },
  });
}

/** Whatever has changed about reminders, on any device: it is looked at them anew. */
export function DueReminders() {
  return <Watch key={useOwnChanges('reminders')} />;
}

function Watch() {
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
    document.addEventListener('visibilitychange', again);
    window.addEventListener('online', again);
    return () => {
      gone = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', again);
      window.removeEventListener('online', again);
    };
  }, []);
  return null;
}
