// Changing what is scheduled: its words and its time.

import { useState } from 'react';
import { wallTime, zoneHere } from '@/lib/moments';
import { useText } from '@/lib/text';
import type { Scheduled, ScheduledSave } from '@/protocol.gen';
import { api } from '@/sync';
import { TextArea } from '@/ui';
import { WhenDialog } from '@/ui/WhenDialog';

interface EditScheduledProps {
  scheduled: Scheduled;
  onSaved: (next: Scheduled) => void;
  onClose: () => void;
}

export function EditScheduled({ scheduled, onSaved, onClose }: EditScheduledProps) {
  const t = useText();
  const { id, conversation_id, parent_id, files } = scheduled;
  const [body, setBody] = useState(scheduled.body);
  const save = async (date: Date) => {
    const next: ScheduledSave = {
      conversation_id,
      parent_id,
      body: body.trim(),
      files,
      at: wallTime(date),
      time_zone: zoneHere(),
    };
    onSaved(await api.put<Scheduled>(`/me/scheduled/${id}`, next));
  };
  return (
    <WhenDialog
      title={t('scheduled.editTitle')}
      moments={[]}
      action={t('common.save')}
      first={new Date(scheduled.send_at)}
      onChoose={save}
      onClose={onClose}
    >
      <TextArea
        label={t('scheduled.message')}
        value={body}
        rows={4}
        dir="auto"
        onChange={(event) => setBody(event.target.value)}
      />
    </WhenDialog>
  );
}
