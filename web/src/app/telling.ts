// Whether an open tab tells of a new message: by the same rules by which the server pushes. Pure, so that every rule can
// be tested.

import type { Message, NotificationSettings, NotifyLevel, QuietHours } from '@/protocol.gen';
import type { ConversationEntry } from '@/sync';

/** What is older came while nobody was connected; the unread marks tell of it, a flood of notifications would not help. */
const FRESH = 60_000;

export interface Told {
  readonly self: string;
  readonly rules: NotificationSettings;
  /** Of the account; hours without one are UTC. */
  readonly zone: string | null;
  readonly now?: number;
}

function levelFor(
  { conversation, membership }: ConversationEntry,
  message: Message,
  rules: NotificationSettings,
): NotifyLevel {
  const person = rules.people.find(({ user_id }) => user_id === message.sender_id);
  // A person who is silenced is silent everywhere; otherwise the conversation's own level comes first.
  if (person?.level === 'none') return 'none';
  const { notify } = membership;
  if (notify !== 'default') return notify;
  if (person) return person.level;
  return { direct: rules.direct, group: rules.group, channel: rules.level }[conversation.type];
}

/** Whether a text has one of the words as a whole word, in any case. */
export function hasKeyword(body: string, keywords: readonly string[]): boolean {
  const text = body.toLowerCase();
  return keywords.some((keyword) => {
    const word = keyword.toLowerCase();
    if (!word) return false;
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      const before = text.slice(0, at).at(-1) ?? ' ';
      const after = text[at + word.length] ?? ' ';
      if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return true;
    }
    return false;
  });
}

/** Minutes since midnight, and the day of the week, where somebody is. */
function timeIn(zone: string | null, now: number): { minutes: number; day: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone ?? 'UTC',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  return {
    minutes: Number(part('hour')) * 60 + Number(part('minute')),
    day: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(part('weekday')),
  };
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

export function isQuiet(quiet: QuietHours | null, zone: string | null, now = Date.now()): boolean {
  if (!quiet) return false;
  const { minutes, day } = timeIn(zone, now);
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)];
  const days = quiet.days ?? [0, 1, 2, 3, 4, 5, 6];
  const beganToday = days.includes(day) && minutes >= from && (to <= from || minutes < to);
  // What began last evening goes on in the morning.
  const beganYesterday = days.includes((day + 6) % 7) && to <= from && minutes < to;
  return beganToday || beganYesterday;
}

export function worthTelling(before: ConversationEntry | undefined, entry: ConversationEntry, told: Told): boolean {
  const { self, rules, zone, now = Date.now() } = told;
  const message = entry.lastMessage;
  if (!message || message.type !== 'text' || message.deleted_at || message.sender_id === self) return false;
  if (before?.lastMessage && before.lastMessage.seq >= message.seq) return false;
  if (now - new Date(message.created_at).getTime() > FRESH || entry.unread === 0) return false;
  const mute = entry.membership.notifications_muted_until;
  if (entry.conversation.archived_at || (mute && new Date(mute).getTime() > now)) return false;
  if (isQuiet(rules.quiet, zone, now)) return false;
  const level = levelFor(entry, message, rules);
  if (level !== 'mentions') return level === 'all';
  return Boolean(message.mentions?.includes(self) || message.mentions_all || hasKeyword(message.body, rules.keywords));
}
