// Puts together what messages need to know of their conversation. It stays the same object while nothing of that has
// changed, however much is written meanwhile.

import { useMemo } from 'react';
import type { Scene } from '@/features/message/scene';
import { useConversations, useMembers, type ConversationEntry } from '@/sync';

/** Joins what may not appear in names. */
const MARK = '\n';

export function useScene(entry: ConversationEntry, me: string, parentId: string | null): Scene {
  const { conversation, membership } = entry;
  const { id: conversationId, type: kind } = conversation;
  const role = membership.state === 'joined' ? membership.role : null;
  const archived = Boolean(conversation.archived_at);
  const resolve = usePeople(conversationId, me);
  const resolveChannel = useChannels();
  return useMemo(
    () => ({ conversationId, kind, me, role, archived, parentId, resolve, resolveChannel }),
    [conversationId, kind, me, role, archived, parentId, resolve, resolveChannel],
  );
}

/** Who a name stands for here: one of the members. */
function usePeople(conversationId: string, me: string): NonNullable<Scene['resolve']> {
  const { members } = useMembers(conversationId);
  const names = members.map(({ user }) => [user.username, user.id, user.display_name].join(MARK)).join(MARK);
  return useMemo(() => {
    const parts = names.split(MARK);
    const people = new Map<string, { id: string; name: string; me: boolean }>();
    for (let at = 0; at + 2 < parts.length; at += 3) {
      const [username = '', id = '', name = ''] = parts.slice(at, at + 3);
      people.set(username.toLowerCase(), { id, name, me: id === me });
    }
    return (username) => people.get(username) ?? null;
  }, [names, me]);
}

function useChannels(): NonNullable<Scene['resolveChannel']> {
  const entries = useConversations() ?? [];
  const names = entries
    .filter(({ conversation }) => conversation.type === 'channel' && conversation.name)
    .map(({ conversation }) => [conversation.name, conversation.id].join(MARK))
    .toSorted()
    .join(MARK);
  return useMemo(() => {
    const parts = names.split(MARK);
    const channels = new Map<string, { id: string; name: string }>();
    for (let at = 0; at + 1 < parts.length; at += 2) {
      const [name = '', id = ''] = parts.slice(at, at + 2);
      channels.set(name.toLowerCase(), { id, name });
    }
    return (name) => channels.get(name.toLowerCase()) ?? null;
  }, [names]);
}
