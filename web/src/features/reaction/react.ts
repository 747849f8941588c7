// Reacting: shown at once, taken back with a word if it is refused.

import type { Message } from '@/protocol.gen';
import { actions } from '@/sync';
import { complain } from '@/ui';
import { remember } from './frequent';

export function react(message: Message, emoji: string, on: boolean): void {
  if (on) remember(emoji);
  actions.react(message, emoji, on).catch(complain);
}

export function hasMine(message: Message, emoji: string): boolean {
  return message.reactions.some((reaction) => reaction.emoji === emoji && reaction.me === true);
}
