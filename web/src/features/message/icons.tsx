// The pictures of what can be done with a message.

import {
  AlarmClock,
  Bell,
  Bookmark,
  Copy,
  Forward,
  Link,
  MessageSquare,
  Pencil,
  Pin,
  Quote,
  Trash2,
  type LucideIcon,
} from 'lucide-react';
import type { CommandId } from './commands';

const icons: Record<CommandId, LucideIcon> = {
  edit: Pencil,
  reply: MessageSquare,
  quote: Quote,
  copy: Copy,
  link: Link,
  pin: Pin,
  forward: Forward,
  follow: Bell,
  remind: AlarmClock,
  save: Bookmark,
  delete: Trash2,
};

export function CommandIcon({ id }: { id: CommandId }) {
  const Icon = icons[id];
  return <Icon size="1.125em" aria-hidden="true" />;
}
