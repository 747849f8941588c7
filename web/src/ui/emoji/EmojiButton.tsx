// A button that opens the emoji picker beside it. The picker and its data are loaded when it is first opened.

import { lazy, Suspense, useState, type ReactElement, type RefObject } from 'react';
import { useText } from '@/lib/text';
import { Popover } from '@/ui/Popover';
import { Loading } from '@/ui/Spinner';

const Picker = lazy(() => import('./EmojiPicker'));

export interface EmojiButtonProps {
  /** The button, with its name. */
  trigger: ReactElement;
  onPick: (emoji: string) => void;
  /** Given when something else than the button opens it too. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  side?: 'top' | 'bottom';
  align?: 'start' | 'end';
  finalFocus?: RefObject<HTMLElement | null>;
}

export function EmojiButton(props: EmojiButtonProps) {
  const { trigger, onPick, onOpenChange, finalFocus, side = 'top', align = 'end' } = props;
  const t = useText();
  const [opened, setOpen] = useState(false);
  const open = props.open ?? opened;
  const change = (next: boolean) => {
    setOpen(next);
    onOpenChange?.(next);
  };
  return (
    <Popover
      label={t('emoji.picker')}
      trigger={trigger}
      open={open}
      onOpenChange={change}
      side={side}
      align={align}
      {...(finalFocus && { finalFocus })}
    >
      <Suspense fallback={<Loading />}>
        <Picker
          onPick={(emoji) => {
            change(false);
            onPick(emoji);
          }}
        />
      </Suspense>
    </Popover>
  );
}
