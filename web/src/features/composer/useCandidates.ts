// What a name that is being typed can be completed to.

import { useMemo } from 'react';
import { useText, type Translate } from '@/lib/text';
import type { UserSummary } from '@/protocol.gen';
import { useAccount, useContacts, useConversation, useConversations, useMembers } from '@/sync';
import { useEmojiSearch } from '@/ui/emoji';
import { useCustomEmoji } from '@/ui/emoji/custom';
import { mayCallEveryone } from './barred';
import { ranked } from './rank';
import type { Trigger } from './trigger';

export interface Candidate {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  /** What is put in the place of what was typed. */
  readonly by: string;
  readonly names: readonly string[];
  readonly user?: UserSummary;
  readonly emoji?: string;
}

const MOST = 8;

export function usePeople(conversationId: string, { query }: Trigger): readonly Candidate[] {
  const t = useText();
  const entry = useConversation(conversationId);
  const { members } = useMembers(conversationId);
  const contacts = useContacts();
  const me = useAccount()?.user.id;
  return useMemo(() => {
    // Hardly anybody mentions themselves: they come last.
    const inside = members
      .filter((member) => member.state === 'joined')
      .map(({ user }) => user)
      .toSorted((a, b) => Number(a.id === me) - Number(b.id === me));
    const known = new Set(inside.map(({ id }) => id));
    const others = (contacts ?? []).filter(
      ({ state, blocked, user }) => state === 'accepted' && !blocked && !known.has(user.id),
    );
    const people = [
      ...inside.map((user) => person(user, '')),
      ...others.map(({ user }) => person(user, t('composer.notHere'))),
    ];
    const everyone = entry && mayCallEveryone(entry) && entry.conversation.type !== 'direct' ? broadcasts(t) : [];
    return ranked([...people, ...everyone], query, MOST);
  }, [members, contacts, entry, me, query, t]);
}

function person(user: UserSummary, note: string): Candidate {
  return {
    key: user.id,
    title: user.display_name,
    detail: note ? `@${user.username} · ${note}` : `@${user.username}`,
    by: `@${user.username} `,
    names: [user.username, user.display_name],
    user,
  };
}

function broadcasts(t: Translate): readonly Candidate[] {
  return [
    { key: 'here', title: '@here', detail: t('composer.here'), by: '@here ', names: ['here'] },
    {
      key: 'channel',
      title: '@channel',
      detail: t('composer.channel'),
      by: '@channel ',
      names: ['channel', 'everyone', 'all'],
    },
  ];
}

/** What `#name` can stand for without any doubt; other names become a link. */
const SIMPLE = /^[\p{L}\p{N}_-]+$/u;

export function useChannels({ query }: Trigger): readonly Candidate[] {
  const entries = useConversations();
  return useMemo(() => {
    const channels = (entries ?? []).flatMap(({ conversation: { id, type, name, topic } }): Candidate[] => {
      if (type !== 'channel' || !name) return [];
      const by = SIMPLE.test(name) ? `#${name} ` : `[#${name.replace(/[[\]]/gu, '')}](/c/${id}) `;
      return [{ key: id, title: `#${name}`, detail: topic ?? '', by, names: [name] }];
    });
    return ranked(channels, query, MOST);
  }, [entries, query]);
}

export function useEmojis({ query }: Trigger): readonly Candidate[] {
  const found = useEmojiSearch(query, MOST);
  const custom = useCustomEmoji();
  return useMemo(
    () => [
      ...[...custom.keys()]
        .filter((name) => name.includes(query.toLowerCase()))
        .slice(0, MOST / 2)
        .map((name) => ({
          key: `:${name}:`,
          title: `:${name}:`,
          detail: '',
          by: `:${name}: `,
          names: [name],
          emoji: `:${name}:`,
        })),
      ...found.map(({ name, emoji }) => ({
        key: name,
        title: `:${name}:`,
        detail: '',
        by: `${emoji} `,
        names: [name],
        emoji,
      })),
    ],
    [found, custom, query],
  );
}
