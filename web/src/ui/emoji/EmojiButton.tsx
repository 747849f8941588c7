// A button that opens the emoji picker beside it. Until it is pressed it is only a button: the picker, its data and what
// places it are loaded then, or a moment before, when the pointer comes near.

import { cloneElement, Suspense, useState, type ComponentPropsWithRef, type ReactElement, type RefObject } from 'react';
import { late } from '@/lib/late';

const load = () => import('./EmojiPopover');
const EmojiPopover = late(load);

export interface EmojiButtonProps {
  /** The button, with its name. */
  trigger: ReactElement<ComponentPropsWithRef<'button'>>;
  onPick: (emoji: string) => void;
  /** Given when something else than the button opens it too. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  side?: 'top' | 'bottom';
  align?: 'start' | 'end';
  /** Where the focus goes when it closes; the button otherwise. */
  finalFocus?: RefObject<HTMLElement | null>;
}

export function EmojiButton(props: EmojiButtonProps) {
  const { trigger, open, onOpenChange } = props;
  const [asked, setAsked] = useState(false);
  if (asked || open) {
    return (
      <Suspense fallback={trigger}>
        <EmojiPopover {...props} />
      </Suspense>
    );
  }
  return cloneElement(trigger, {
    'aria-haspopup': 'dialog',
    'aria-expanded': false,
    onPointerEnter: () => {
      // Without a connection it is tried again when the button is pressed.
      load().catch(() => {});
    },
    onClick: () => {
      setAsked(true);
      onOpenChange?.(true);
    },
  });
}
