// The picker in a popover beside its button. A chunk of its own, because what places popovers is large.

import { lazy, Suspense, useState } from 'react';
import { useText } from '@/lib/text';
import { Popover } from '@/ui/Popover';
import { Loading } from '@/ui/Spinner';
import type { EmojiButtonProps } from './EmojiButton';

const Picker = lazy(() => import('./EmojiPicker'));

export default function EmojiPopover(props: EmojiButtonProps) {
  const { trigger, onPick, onOpenChange, finalFocus, side = 'top', align = 'end' } = props;
  const t = useText();
  // It is loaded because somebody wants it open.
  const [opened, setOpen] = useState(true);
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
