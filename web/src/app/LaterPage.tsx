// What one keeps for later: saved messages, reminders, and messages that are to be sent.

import { useParams } from 'wouter';
import { ReminderList } from '@/features/reminder/ReminderList';
import { SavedList } from '@/features/saved/SavedList';
import { ScheduledList } from '@/features/scheduled/ScheduledList';
import { go } from '@/lib/overlay';
import { paths, type LaterPage as PageId } from '@/lib/paths';
import { useText } from '@/lib/text';
import { SinglePage } from '@/ui/SinglePage';
import { Tabs } from '@/ui/Tabs';

const pages = [
  { id: 'saved', title: 'saved.title', Content: SavedList },
  { id: 'reminders', title: 'reminder.title', Content: ReminderList },
  { id: 'scheduled', title: 'scheduled.title', Content: ScheduledList },
] as const;

export default function LaterPage() {
  const t = useText();
  const { page } = useParams();
  const { id: chosen, Content } = pages.find(({ id }) => id === page) ?? pages[0];
  return (
    <SinglePage title={t('later.title')}>
      <Tabs<PageId>
        label={t('later.title')}
        chosen={chosen}
        onChoose={(next) => go(paths.later(next), { replace: true })}
        tabs={pages.map(({ id, title }) => ({ id, label: t(title) }))}
      >
        <Content />
      </Tabs>
    </SinglePage>
  );
}
