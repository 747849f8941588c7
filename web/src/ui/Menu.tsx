// A menu on a button: a list of things to do, by pointer or arrow keys. There are many such buttons on a page and most are
// never pressed, so what a menu needs is loaded when the first one is opened.

import {
  cloneElement,
  lazy,
  Suspense,
  useState,
  type HTMLAttributes,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
} from 'react';

const MenuAt = lazy(() => import('./MenuAt'));

export interface MenuItem {
  label: string;
  icon?: ReactNode;
  /** The keyboard shortcut that does the same. */
  keys?: string;
  danger?: boolean;
  disabled?: boolean;
  /** A choice among others, which is the present one or not. */
  checked?: boolean;
  onSelect: () => void;
}

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement<HTMLAttributes<HTMLElement>>;
  /** `null` and `false` leave an item out; `'line'` separates groups. */
  items: readonly (MenuItem | 'line' | null | false)[];
  align?: 'start' | 'end';
  side?: 'top' | 'bottom';
  onOpenChange?: (open: boolean) => void;
}

export function Menu({ trigger, items, align = 'end', side = 'bottom', onOpenChange }: MenuProps) {
  const [place, setPlace] = useState<Element | null>(null);
  const button = cloneElement(trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': place !== null,
    onClick: (event: MouseEvent<HTMLElement>) => {
      setPlace(event.currentTarget);
      onOpenChange?.(true);
    },
  });
  const close = () => {
    setPlace(null);
    onOpenChange?.(false);
  };
  return (
    <>
      {button}
      {place && (
        <Suspense fallback={null}>
          <MenuAt place={place} items={items} align={align} side={side} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
