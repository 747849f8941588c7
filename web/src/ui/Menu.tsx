// A menu on a button: a list of things to do, by pointer or arrow keys.

import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { cx } from '@/lib/cx';
import styles from './Menu.module.css';

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
  trigger: ReactElement;
  /** `null` and `false` leave an item out; `'line'` separates groups. */
  items: readonly (MenuItem | 'line' | null | false)[];
  align?: 'start' | 'end';
  side?: 'top' | 'bottom';
  onOpenChange?: (open: boolean) => void;
}

export function Menu({ trigger, items, align = 'end', side = 'bottom', onOpenChange }: MenuProps) {
  return (
    <Base.Root modal={false} {...(onOpenChange && { onOpenChange: (open: boolean) => onOpenChange(open) })}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className={styles.positioner} align={align} side={side} sideOffset={4} collisionPadding={8}>
          <Base.Popup className={styles.popup}>
            <MenuItems items={items} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** What a menu holds; for menus that are opened in other ways. */
export function MenuItems({ items }: Pick<MenuProps, 'items'>) {
  return items.map((item, index) => {
    if (!item) return null;
    if (item === 'line') return <Base.Separator key={separatorKey(items, index)} className={styles.line} />;
    return (
      <Base.Item
        key={item.label}
        className={cx(styles.item, item.danger && styles.danger)}
        disabled={item.disabled ?? false}
        onClick={item.onSelect}
      >
        {item.icon}
        {item.label}
        {item.checked && <Check className={styles.keys} size="1em" />}
        {item.keys && <kbd className={styles.keys}>{item.keys}</kbd>}
      </Base.Item>
    );
  });
}

/** A separator has no name of its own; it takes that of the item before it. */
function separatorKey(items: MenuProps['items'], index: number): string {
  const before = items.slice(0, index).findLast((item) => typeof item === 'object' && item !== null);
  return `after ${typeof before === 'object' && before ? before.label : 'nothing'}`;
}
