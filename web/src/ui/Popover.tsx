// Something small that opens beside a button, such as the emoji picker. As with menus, most are never opened, so what they
// need is loaded with the first.

import {
  cloneElement,
  lazy,
  Suspense,
  useLayoutEffect,
  useRef,
  useState,
  type HTMLAttributes,
  type ReactElement,
  type ReactNode,
  type RefObject,
} from 'react';
import styles from './Popover.module.css';

const PopoverAt = lazy(() => import('./PopoverAt'));

export interface PopoverProps {
  label: string;
  trigger: ReactElement<HTMLAttributes<HTMLElement>>;
  children: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  side?: 'top' | 'bottom';
  align?: 'start' | 'end';
  /** Where the focus goes when it closes; the trigger otherwise. */
  finalFocus?: RefObject<HTMLElement | null>;
}

export function Popover({ trigger, open, onOpenChange, side = 'top', align = 'end', ...content }: PopoverProps) {
  const [opened, setOpened] = useState(false);
  const [place, setPlace] = useState<Element | null>(null);
  const around = useRef<HTMLSpanElement>(null);
  const shown = open ?? opened;

  // It may be opened by other means than its button, and stands beside the button all the same.
  useLayoutEffect(() => {
    setPlace(around.current?.firstElementChild ?? null);
  }, []);

  const change = (next: boolean) => {
    setOpened(next);
    onOpenChange?.(next);
  };
  const button = cloneElement(trigger, {
    'aria-haspopup': 'dialog',
    'aria-expanded': shown,
    onClick: () => change(!shown),
  });
  return (
    <>
      <span ref={around} className={styles.around}>
        {button}
      </span>
      {shown && place && (
        <Suspense fallback={null}>
          <PopoverAt {...content} place={place} side={side} align={align} onClose={() => change(false)} />
        </Suspense>
      )}
    </>
  );
}
