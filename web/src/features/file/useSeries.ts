// The pictures and films that the viewer leads through: all of the conversation, the newest first. It begins with those of
// the message that it was opened from, and pages are fetched as one comes near their end.

import { useCallback, useEffect, useMemo } from 'react';
import type { StoredFile } from '@/lib/file';
import { usePages, type LoadPage } from '@/lib/pages';
import type { Message, Page, SharedFile } from '@/protocol.gen';
import { api } from '@/sync';

export interface Shown {
  readonly file: StoredFile;
  readonly messageId: string;
  readonly seq: number;
  readonly senderId: string;
  readonly createdAt: string;
}

export interface Series {
  readonly items: readonly Shown[];
  /** Where the one that is shown stands. */
  readonly at: number;
}

/** So many pages are looked through for the one that is shown; what is older stands alone with its message. */
const PAGE = 100;

export function useSeries(conversationId: string, fileId: string, message: Message | undefined): Series {
  const load: LoadPage<SharedFile> = useCallback(
    (cursor, signal) =>
      api.get<Page<SharedFile>>(
        `/conversations/${conversationId}/files`,
        { kind: 'image', limit: PAGE, cursor },
        signal,
      ),
    [conversationId],
  );
  const { items, more } = usePages(load);
  const found = useMemo(() => (items ?? []).map(shown), [items]);
  const own = useMemo(() => (message ? shownIn(message) : []), [message]);
  const series = useMemo(() => joined(own, found), [own, found]);
  const at = series.findIndex(({ file }) => file.id === fileId);
  // Until it is among those that are known, or its neighbours would be missing.
  const isNearEnd = at === -1 || at > found.length - 10;
  useEffect(() => {
    if (isNearEnd) more?.();
  }, [isNearEnd, more]);
  return { items: series, at };
}

function shown({ file, message_id, seq, sender_id, created_at }: SharedFile): Shown {
  return { file, messageId: message_id, seq, senderId: sender_id, createdAt: created_at };
}

export function shownIn({ id, seq, sender_id, created_at, attachments }: Message): readonly Shown[] {
  return attachments
    .filter(({ kind }) => kind === 'image' || kind === 'video')
    .map((file) => ({ file, messageId: id, seq, senderId: sender_id, createdAt: created_at }));
}

/** The message's own in their place among those of the conversation, each once, the newest first. */
export function joined(own: readonly Shown[], found: readonly Shown[]): readonly Shown[] {
  const [first] = own;
  if (first === undefined) return found;
  const isOwn = ({ messageId }: Shown) => messageId === first.messageId;
  const newer = found.filter((each) => !isOwn(each) && each.seq > first.seq);
  const older = found.filter((each) => !isOwn(each) && each.seq < first.seq);
  return [...newer, ...own, ...older];
}
