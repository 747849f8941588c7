// What the server writes into a conversation when people come and go or things change.

import {
  Archive,
  ArchiveRestore,
  Ban,
  LogIn,
  LogOut,
  Pencil,
  Pin,
  Settings,
  Shield,
  Sparkles,
  UserMinus,
  UserPlus,
  Volume2,
  VolumeX,
  type LucideIcon,
} from 'lucide-react';
import { useText, type Translate } from '@/lib/text';
import { full } from '@/lib/time';
import type { Message, SystemEvent } from '@/protocol.gen';
import { useUser } from '@/sync';
import { Stamp } from './Byline';
import styles from './Message.module.css';

const icons: Record<SystemEvent['event'], LucideIcon> = {
  created: Sparkles,
  joined: LogIn,
  added: UserPlus,
  left: LogOut,
  removed: UserMinus,
  banned: Ban,
  unbanned: UserPlus,
  muted: VolumeX,
  unmuted: Volume2,
  role_changed: Shield,
  renamed: Pencil,
  topic_changed: Pencil,
  settings_changed: Settings,
  expiry_changed: Settings,
  archived: Archive,
  unarchived: ArchiveRestore,
  pinned: Pin,
};

export function SystemLine({ message }: { message: Message }) {
  const t = useText();
  const event = message.system;
  const actor = useUser(message.sender_id);
  const other = useUser(event && 'user_id' in event ? event.user_id : message.sender_id);
  const Icon = event ? icons[event.event] : undefined;
  const unknown = t('common.unknownUser');
  const text = event ? systemText(t, event, actor?.display_name ?? unknown, other?.display_name ?? unknown) : '';
  return (
    <article data-message={message.seq} tabIndex={-1} aria-label={text} className={styles.system}>
      {Icon && <Icon size="1em" aria-hidden="true" />}
      <p>
        <bdi>{text}</bdi>
        <Stamp time={message.created_at} />
      </p>
    </article>
  );
}

const roles = {
  member: 'message.roleMember',
  moderator: 'message.roleModerator',
  admin: 'message.roleAdmin',
  owner: 'message.roleOwner',
} as const;

/** What happened, in words. `name` did it, `other` is whom it was done to. */
export function systemText(t: Translate, event: SystemEvent, name: string, other: string): string {
  switch (event.event) {
    case 'muted':
      return t('message.system_muted', { name, other, until: full(event.until) });
    case 'role_changed':
      return t('message.system_role_changed', { name, other, role: t(roles[event.role]) });
    case 'renamed':
      return t('message.system_renamed', { name, title: event.name });
    case 'topic_changed':
      return event.topic
        ? t('message.system_topic_changed', { name, topic: event.topic })
        : t('message.system_topic_removed', { name });
    case 'expiry_changed':
      return t('message.system_settings_changed', { name });
    default:
      return t(`message.system_${event.event}`, { name, other });
  }
}
