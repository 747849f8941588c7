// A button that opens the emoji picker beside it. The picker and its data are loaded when it is first opened.

import { lazy, Suspense, useState, type ReactElement } from 'react';
import { useText } from '@/lib/text';
import { Popover } from '@/ui/Popover';
import { Loading } from '@/ui/Spinner';

const Picker = lazy(() => import('./EmojiPicker'));

export interface EmojiButtonProps {
  /** The button, with its name. */
  trigger: ReactElement;
  onPick: (emoji: string) => void;
  onOpenChange?: (open: boolean) => void;
  side?: 'top' | 'bottom';
  align?: 'start' | 'end';
}

export function EmojiButton({ trigger, onPick, onOpenChange, side = 'top', align = 'end' }: EmojiButtonProps) {
  const t = useText();
  const [open, setOpen] = useState(false);
  const change = (next: boolean) => {
    setOpen(next);
    onOpenChange?.(next);
  };
  return (
    <Popover label={t('emoji.picker')} trigger={trigger} open={open} onOpenChange={change} side={side} align={align}>
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
