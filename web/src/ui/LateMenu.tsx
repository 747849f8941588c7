// A button with a menu whose code is loaded when it is first opened: for menus on the first page, which most visits
// never open.

import { Suspense, useState, type ReactNode } from 'react';
import { cx } from '@/lib/cx';
import { Hidden } from './Hidden';
import type { MenuAtProps } from './MenuAt';
import buttons from './Button.module.css';

/** What a menu is told when it opens. */
export type OpenMenu = Pick<MenuAtProps, 'place' | 'onClose'>;

interface LateMenuProps {
  label: string;
  /** Looks like an icon button unless a class says otherwise. */
  className?: string | undefined;
  /** The content has words of its own: the label is said before them, and not in their place. */
  worded?: boolean;
  children: ReactNode;
  /** The menu, made with `late`, at the button. */
  renderMenu: (open: OpenMenu) => ReactNode;
}

export function LateMenu({ label, className, worded = false, children, renderMenu }: LateMenuProps) {
  const [place, setPlace] = useState<Element | null>(null);
  return (
    <>
      <button
        type="button"
        className={cx(className ?? buttons.icon)}
        aria-label={worded ? undefined : label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={place !== null}
        onClick={(event) => setPlace(event.currentTarget)}
      >
        {worded && <Hidden>{label} </Hidden>}
        {children}
      </button>
      {place && <Suspense fallback={null}>{renderMenu({ place, onClose: () => setPlace(null) })}</Suspense>}
    </>
  );
}
