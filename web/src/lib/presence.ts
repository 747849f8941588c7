// Whether somebody is there, in words.

import type { CustomStatus, Presence, PresenceStatus } from '@/protocol.gen';
import type { TextKey, Translate } from './text';
import { relative } from './time';

const words: Record<PresenceStatus, TextKey> = {
  online: 'common.online',
  away: 'common.away',
  do_not_disturb: 'common.doNotDisturb',
  offline: 'common.offline',
};

/** `Online`, `Last seen 5 minutes ago`, `Offline` for those who do not show when. */
export function presenceText(presence: Presence, t: Translate): string {
  if (presence.status === 'offline' && presence.last_seen_at) {
    return t('common.lastSeen', { when: relative(presence.last_seen_at) });
  }
  return t(words[presence.status]);
}

/** A status that still holds, or null. */
export function presentStatus(status: CustomStatus | null | undefined, now = Date.now()): CustomStatus | null {
  if (!status || (!status.emoji && !status.text)) return null;
  if (status.expires_at && new Date(status.expires_at).getTime() <= now) return null;
  return status;
}
