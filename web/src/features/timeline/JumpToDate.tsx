// Going to a day in the history. If nothing was written on it, one gets to what came next.

import { useId, useState, type FormEvent } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { errorText } from '@/lib/error';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import type { Message, Page } from '@/protocol.gen';
import { api, useConversation } from '@/sync';
import { Button, Field } from '@/ui';
import { Dialog } from '@/ui/Dialog';
import { firstSince } from './dateSearch';

interface JumpToDateProps {
  conversationId: string;
  onClose: () => void;
}

export default function JumpToDate({ conversationId, onClose }: JumpToDateProps) {
  const t = useText();
  const form = useId();
  const entry = useConversation(conversationId);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [today] = useState(() => inputDate(new Date()));
  const [date, setDate] = useState(today);

  const messages = `/conversations/${conversationId}/messages`;
  const find = async () => {
    const newest = await api.get<Page<Message>>(messages, { limit: 1 });
    const [last] = newest.items;
    if (!last) return null;
    const found = await firstSince(new Date(`${date}T00:00`).getTime(), last.seq, async (after) => {
      const page = await api.get<Page<Message>>(messages, { after, limit: 1 });
      return page.items[0] ?? null;
    });
    return found ?? last.seq;
  };

  const jump = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const seq = await find();
      onClose();
      if (seq !== null) navigate(paths.conversation(conversationId, seq));
    } catch (refusal) {
      setProblem(errorText(refusal));
      setBusy(false);
    }
  };

  const created = entry?.conversation.created_at;
  return (
    <Dialog
      title={t('timeline.jumpToDate')}
      onClose={onClose}
      actions={
        <Button type="submit" form={form} kind="primary" busy={busy}>
          {t('timeline.jump')}
        </Button>
      }
    >
      <form id={form} onSubmit={(event) => void jump(event)}>
        <Field
          type="date"
          required
          label={t('timeline.date')}
          value={date}
          max={today}
          {...(created && { min: inputDate(new Date(created)) })}
          error={problem}
          onChange={(event) => setDate(event.target.value)}
        />
      </form>
    </Dialog>
  );
}

function part(value: number): string {
  return String(value).padStart(2, '0');
}

/** A day as a date field holds it, by the calendar here. */
function inputDate(date: Date): string {
  return `${date.getFullYear()}-${part(date.getMonth() + 1)}-${part(date.getDate())}`;
}
