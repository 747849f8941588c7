// What is to be sent later: when and where, with changing, sending at once and deleting.

import { CalendarClock, Pencil, SendHorizontal, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { nameOf } from '@/lib/entry';
import { errorText } from '@/lib/error';
import { usePages } from '@/lib/pages';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import { full } from '@/lib/time';
import type { Page, Scheduled } from '@/protocol.gen';
import { api, useConversation, useOwnChanges } from '@/sync';
import { confirm, Empty, IconButton } from '@/ui';
import { attempt } from '@/ui/attempt';
import { Endless } from '@/ui/Endless';
import { plainText } from '@/ui/markdown';
import { MessageCard } from '@/ui/MessageCard';
import { EditScheduled } from './EditScheduled';

/** All that one may have, in the order in which they go; the server gives the last changed first. */
async function load(cursor: string | undefined, signal: AbortSignal): Promise<Page<Scheduled>> {
  const page = await api.get<Page<Scheduled>>('/me/scheduled', { cursor, limit: 200 }, signal);
  return { ...page, items: page.items.toSorted((a, b) => Date.parse(a.send_at) - Date.parse(b.send_at)) };
}

export function ScheduledList() {
  const t = useText();
  const pages = usePages(load, useOwnChanges('scheduled'));
  const [edited, setEdited] = useState<Scheduled | null>(null);
  const drop = (id: string) => pages.change((all) => all.filter((one) => one.id !== id));

  const sendNow = async ({ id, conversation_id, parent_id, body, files }: Scheduled) => {
    // Under the name by which the server would send it: so it is sent once, whatever happens in between.
    const message = { client_id: `scheduled-${id}`, body, files, ...(parent_id && { parent_id }) };
    if (!(await attempt(api.post(`/conversations/${conversation_id}/messages`, message), t('scheduled.sent')))) return;
    drop(id);
    // The server says that it was sent, and that is what was wanted; out of reach it finds that out by itself in time.
    await api.delete(`/me/scheduled/${id}`).catch(() => undefined);
  };
  const remove = async ({ id }: Scheduled) => {
    const sure = await confirm({
      title: t('scheduled.deleteTitle'),
      text: t('scheduled.deleteText'),
      action: t('common.delete'),
      danger: true,
    });
    if (sure && (await attempt(api.delete(`/me/scheduled/${id}`), t('scheduled.deleted')))) drop(id);
  };

  return (
    <>
      <Endless
        pages={pages}
        label={t('scheduled.title')}
        keyOf={({ id }) => id}
        empty={
          <Empty
            icon={<CalendarClock size="1.5rem" />}
            title={t('scheduled.nothing')}
            text={t('scheduled.nothingText')}
          />
        }
      >
        {(scheduled) => (
          <Item
            scheduled={scheduled}
            onEdit={() => setEdited(scheduled)}
            onSend={() => void sendNow(scheduled)}
            onRemove={() => void remove(scheduled)}
          />
        )}
      </Endless>
      {edited && (
        <EditScheduled
          scheduled={edited}
          onSaved={(next) =>
            pages.change((all) =>
              all
                .map((one) => (one.id === next.id ? next : one))
                .toSorted((a, b) => Date.parse(a.send_at) - Date.parse(b.send_at)),
            )
          }
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}

interface ItemProps {
  scheduled: Scheduled;
  onEdit: () => void;
  onSend: () => void;
  onRemove: () => void;
}

function Item({ scheduled, onEdit, onSend, onRemove }: ItemProps) {
  const t = useText();
  const { conversation_id: id, parent_id: parent, body, files, send_at, state, reason } = scheduled;
  const entry = useConversation(id);
  const name = entry ? nameOf(entry, t) : t('common.unknownUser');
  const peer = entry?.peer;
  return (
    <MessageCard
      person={{ id: peer?.id ?? id, name, avatar: peer?.avatar ?? entry?.conversation.avatar }}
      where={
        <>
          {t('scheduled.at', { when: full(send_at) })}
          {parent && ` · ${t('scheduled.inThread')}`}
        </>
      }
      time={send_at}
      href={parent ? paths.thread(id, parent) : paths.conversation(id)}
      problem={state === 'refused' && t('scheduled.refused', { why: errorText({ code: reason ?? 'internal' }) })}
      actions={
        <>
          <IconButton label={t('scheduled.edit')} onClick={onEdit}>
            <Pencil size="1.1em" />
          </IconButton>
          <IconButton label={t('scheduled.sendNow')} flip onClick={onSend}>
            <SendHorizontal size="1.1em" />
          </IconButton>
          <IconButton label={t('common.delete')} onClick={onRemove}>
            <Trash2 size="1.1em" />
          </IconButton>
        </>
      }
    >
      {[plainText(body), files.length > 0 && t('scheduled.files', { count: files.length })].filter(Boolean).join(' · ')}
    </MessageCard>
  );
}
