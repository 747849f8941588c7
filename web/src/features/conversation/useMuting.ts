// Letting the notifications of a conversation rest, from the header's menu and from its details.

import { useText } from '@/lib/text';
import { attempt } from '@/ui/attempt';
import { actions } from '@/sync';
import type { MembershipUpdate } from '@/protocol.gen';
import { FOREVER, hoursFromNow } from './mute';

export interface MuteChoice {
  readonly label: string;
  readonly choose: () => void;
}

/** Changes one's own settings for a conversation, and says so when that fails. */
export function change(conversationId: string, update: MembershipUpdate): void {
  void attempt(actions.updateMembership(conversationId, update));
}

export function useMuting(conversationId: string): { choices: readonly MuteChoice[]; unmute: () => void } {
  const t = useText();
  const until = (time: string | null) => change(conversationId, { notifications_muted_until: time });
  return {
    choices: [
      { label: t('conversation.muteHours', { count: 1 }), choose: () => until(hoursFromNow(1)) },
      { label: t('conversation.muteHours', { count: 8 }), choose: () => until(hoursFromNow(8)) },
      { label: t('conversation.muteWeek'), choose: () => until(hoursFromNow(7 * 24)) },
      { label: t('conversation.muteForever'), choose: () => until(FOREVER) },
    ],
    unmute: () => until(null),
  };
}
