// A reminder: about a message, about anything, or one that is put off.

import { useState } from 'react';
import { remindingMoments, wallTime, zoneHere } from '@/lib/moments';
import { useText } from '@/lib/text';
import { full } from '@/lib/time';
import type { Reminder, ReminderSave } from '@/protocol.gen';
import { api } from '@/sync';
import { Field, toast } from '@/ui';
import { WhenDialog } from '@/ui/WhenDialog';

export interface RemindDialogProps {
  /** The message that it is about. */
  messageId?: string;
  /** The one that is put off. */
  reminder?: Reminder;
  /** What is in the field at first. */
  text?: string;
  onDone?: (reminder: Reminder) => void;
  onClose: () => void;
}

const CHARS = 1000;

export default function RemindDialog({ messageId, reminder, text: first, onDone, onClose }: RemindDialogProps) {
  const t = useText();
  const [text, setText] = useState(reminder?.text ?? first ?? '');
  const about = reminder ? reminder.message_id : messageId;

  const remind = async (date: Date) => {
    const soon = date.getTime() - Date.now() < 6 * 3_600_000;
    const save: ReminderSave = {
      ...(about && { message_id: about }),
      text: text.trim(),
      // What is said in minutes is a moment; what is said by the clock stays at that time.
      ...(soon ? { remind_at: date.toISOString() } : { at: wallTime(date), time_zone: zoneHere() }),
    };
    const made = await (reminder
      ? api.put<Reminder>(`/me/reminders/${reminder.id}`, save)
      : api.post<Reminder>('/me/reminders', save));
    toast(t('reminder.done', { when: full(made.remind_at) }));
    onDone?.(made);
  };

  return (
    <WhenDialog
      title={t('reminder.choose')}
      moments={about || text.trim() ? remindingMoments() : []}
      action={t('reminder.set')}
      onChoose={remind}
      onClose={onClose}
    >
      <Field
        label={about ? t('reminder.note') : t('reminder.about')}
        value={text}
        maxLength={CHARS}
        required={!about}
        dir="auto"
        onChange={(event) => setText(event.target.value)}
      />
    </WhenDialog>
  );
}
