// A menu at a place: below the button that has asked for it, or where a pointer was. Loaded when the first one is opened.

import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import { cx } from '@/lib/cx';
import type { MenuProps } from './Menu';
import styles from './Menu.module.css';

/** An element, or a point on the page. */
export type MenuPlace = Element | { readonly x: number; readonly y: number };

export interface MenuAtProps extends Pick<MenuProps, 'items' | 'align' | 'side'> {
  place: MenuPlace;
  onClose: () => void;
}

export default function MenuAt({ place, items, align = 'start', side = 'bottom', onClose }: MenuAtProps) {
  const anchor =
    place instanceof Element ? place : { getBoundingClientRect: () => DOMRect.fromRect({ x: place.x, y: place.y }) };
  return (
    <Base.Root open modal={false} onOpenChange={(open) => open || onClose()}>
      <Base.Portal>
        <Base.Positioner
          className={styles.positioner}
          anchor={anchor}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
        >
          <Base.Popup className={styles.popup}>
            <Items items={items} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Items({ items }: Pick<MenuProps, 'items'>) {
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
