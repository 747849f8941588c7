// What a webhook can be told of, in the few groups that people choose from.

import type { TextKey } from '@/lib/text';
import type { Topic } from '@/protocol.gen';

export interface TopicGroup {
  readonly label: TextKey;
  readonly topics: readonly Topic[];
}

export const groups: readonly TopicGroup[] = [
  { label: 'webhook.sent', topics: ['message.sent'] },
  { label: 'webhook.updated', topics: ['message.updated'] },
  { label: 'webhook.deleted', topics: ['message.deleted'] },
  {
    label: 'webhook.conversations',
    topics: ['conversation.created', 'conversation.updated', 'conversation.deleted'],
  },
  { label: 'webhook.members', topics: ['member.added', 'member.updated', 'member.removed'] },
];

export function isIn(events: readonly Topic[], { topics }: TopicGroup): boolean {
  return topics.some((topic) => events.includes(topic));
}

/** The events with a whole group put in or taken out. */
export function toggled(events: readonly Topic[], group: TopicGroup): Topic[] {
  const without = events.filter((topic) => !group.topics.includes(topic));
  return isIn(events, group) ? without : [...without, ...group.topics];
}
