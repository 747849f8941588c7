// What floats at the corner of a message under the pointer or the focus: quick reactions, the most used commands, and the
// menu with all of them.

import { Ellipsis } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '@/lib/text';
import type { Message } from '@/protocol.gen';
import { IconButton } from '@/ui';
import { Menu, type MenuItem } from '@/ui/Menu';
import { commandsFor, type Command } from './commands';
import { CommandIcon } from './icons';
import { useScene } from './scene';
import styles from './Toolbar.module.css';

interface ToolbarProps {
  message: Message;
  quick: ReactNode;
  /** Something of it is open, so it must stay. */
  onBusy: (busy: boolean) => void;
}

export default function Toolbar({ message, quick, onBusy }: ToolbarProps) {
  const t = useText();
  const scene = useScene();
  const commands = commandsFor(message, scene);
  if (commands.length === 0) return null;
  const item = ({ id, label, keys, danger, run }: Command): MenuItem => ({
    label: t(label),
    icon: <CommandIcon id={id} />,
    ...(keys && { keys }),
    ...(danger && { danger }),
    onSelect: run,
  });
  return (
    <div className={styles.toolbar} role="toolbar" aria-label={t('message.actions')}>
      {quick}
      {commands
        .filter(({ id }) => id === 'reply' || id === 'quote')
        .map(({ id, label, run }) => (
          <IconButton key={id} small label={t(label)} onClick={run}>
            <CommandIcon id={id} />
          </IconButton>
        ))}
      <Menu
        onOpenChange={onBusy}
        trigger={
          <IconButton small label={t('common.more')}>
            <Ellipsis size="1.125em" />
          </IconButton>
        }
        items={commands.flatMap((command) => (command.danger ? ['line' as const, item(command)] : [item(command)]))}
      />
    </div>
  );
}
