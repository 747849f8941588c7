// A menu at a place: below a button that has asked for it, or where a pointer was. Loaded when the first one is opened.

import { Menu as Base } from '@base-ui/react/menu';
import { MenuItems, type MenuProps } from './Menu';
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
            <MenuItems items={items} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
