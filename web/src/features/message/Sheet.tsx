// Everything that can be done with a message, in large, from the foot of the screen: for a finger that was held on it,
// and for a remote control that pressed OK.

import { Dialog } from '@base-ui/react/dialog';
import { useState } from 'react';
import { cx } from '@/lib/cx';
import { saidIn } from '@/lib/naming';
import { useText } from '@/lib/text';
import type { Message } from '@/protocol.gen';
import { commandsFor } from './commands';
import { CommandIcon } from './icons';
import type { QuickReactions } from './MessageRow';
import { useScene } from './scene';
import styles from './Sheet.module.css';

interface SheetProps {
  message: Message;
  name: string;
  quick: QuickReactions | null;
  onClose: () => void;
}

export default function Sheet({ message, name, quick, onClose }: SheetProps) {
  const t = useText();
  const scene = useScene();
  const [picking, setPicking] = useState(false);
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.scrim} />
        <Dialog.Popup className={styles.sheet}>
          <Dialog.Title className={styles.title}>
            <bdi>{name}</bdi>
            <span className={styles.preview}>{saidIn(message)}</span>
          </Dialog.Title>
          {quick && (
            // Choosing one of them is the end of it, wherever in there it was chosen.
            <div
              className={styles.quick}
              onClickCapture={(event) => {
                if (event.target instanceof Element && event.target.closest('[data-emoji]')) onClose();
              }}
            >
              {quick({ open: picking, onOpenChange: setPicking })}
            </div>
          )}
          <ul>
            {commandsFor(message, scene).map(({ id, label, danger, run }) => (
              <li key={id}>
                <button
                  type="button"
                  className={cx(styles.item, danger && styles.danger)}
                  onClick={() => {
                    onClose();
                    run();
                  }}
                >
                  <CommandIcon id={id} />
                  {t(label)}
                </button>
              </li>
            ))}
          </ul>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
