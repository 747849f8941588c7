// What a popover shows, loaded when the first one is opened.

import { Popover as Base } from '@base-ui/react/popover';
import type { PopoverProps } from './Popover';
import styles from './Popover.module.css';

interface PopoverAtProps extends Pick<PopoverProps, 'label' | 'children' | 'side' | 'align' | 'finalFocus'> {
  place: Element;
  onClose: () => void;
}

export default function PopoverAt({ place, label, children, side, align, finalFocus, onClose }: PopoverAtProps) {
  return (
    <Base.Root open onOpenChange={(open) => open || onClose()}>
      <Base.Portal>
        <Base.Positioner
          className={styles.positioner}
          anchor={place}
          side={side}
          align={align}
          sideOffset={6}
          collisionPadding={8}
        >
          <Base.Popup className={styles.popup} aria-label={label} {...(finalFocus && { finalFocus })}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
