// The messages that one has saved, the latest first.

import { Bookmark, BookmarkX } from 'lucide-react';
import { nameOf } from '@/lib/entry';
import { usePages } from '@/lib/pages';
import { paths } from '@/lib/paths';
import { useText } from '@/lib/text';
import type { Page, SavedMessage } from '@/protocol.gen';
import { api, useConversation, useOwnChanges, useUser } from '@/sync';
import { Empty, IconButton } from '@/ui';
import { attempt } from '@/ui/attempt';
import { Endless } from '@/ui/Endless';
import { plainText } from '@/ui/markdown';
import { MessageCard } from '@/ui/MessageCard';

function load(cursor: string | undefined, signal: AbortSignal): Promise<Page<SavedMessage>> {
  return api.get('/me/saved', { cursor, limit: 30 }, signal);
}

export function SavedList() {
  const t = useText();
  const pages = usePages(load, useOwnChanges('saved'));
  const remove = async (id: string) => {
    if (!(await attempt(api.delete(`/me/saved/${id}`), t('saved.removed')))) return;
    pages.change((all) => all.filter(({ saved }) => saved.message_id !== id));
  };
  return (
    <Endless
      pages={pages}
      label={t('saved.title')}
      keyOf={({ saved }) => saved.message_id}
      empty={<Empty icon={<Bookmark size="1.5rem" />} title={t('saved.nothing')} text={t('saved.nothingText')} />}
    >
      {(item) => <Item item={item} onRemove={() => void remove(item.saved.message_id)} />}
    </Endless>
  );
}

function Item({ item: { saved, message }, onRemove }: { item: SavedMessage; onRemove: () => void }) {
  const t = useText();
  const sender = useUser(message?.sender_id ?? '');
  const entry = useConversation(saved.conversation_id);
  const { conversation_id: id, seq } = saved;
  const name = message ? (sender?.display_name ?? t('common.unknownUser')) : '?';
  const words = !message ? t('saved.gone') : message.deleted_at ? t('message.deleted') : plainText(message.body);
  return (
    <MessageCard
      person={{ id: message?.sender_id ?? saved.message_id, name, avatar: sender?.avatar }}
      where={entry && <bdi>{nameOf(entry, t)}</bdi>}
      time={message?.created_at ?? saved.saved_at ?? ''}
      href={
        message ? (message.parent_id ? paths.thread(id, message.parent_id) : paths.conversation(id, seq)) : undefined
      }
      actions={
        <IconButton label={t('saved.remove')} onClick={onRemove}>
          <BookmarkX size="1.1em" />
        </IconButton>
      }
    >
      {words}
    </MessageCard>
  );
}
