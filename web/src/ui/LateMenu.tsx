// A button with a menu whose code is loaded when it is first opened: for menus on the first page, which most visits
// never open.

import { lazy, Suspense, useState, type ReactNode } from 'react';
import { cx } from '@/lib/cx';
import type { MenuProps } from './Menu';
import buttons from './Button.module.css';

const MenuAt = lazy(() => import('./MenuAt'));

interface LateMenuProps extends Pick<MenuProps, 'items' | 'align' | 'side'> {
  label: string;
  /** Looks like an icon button unless a class says otherwise. */
  className?: string | undefined;
  children: ReactNode;
}

export function LateMenu({ label, className, children, ...menu }: LateMenuProps) {
  const [place, setPlace] = useState<Element | null>(null);
  return (
    <>
      <button
        type="button"
        className={cx(className ?? buttons.icon)}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={place !== null}
        onClick={(event) => setPlace(event.currentTarget)}
      >
        {children}
      </button>
      {place && (
        <Suspense fallback={null}>
          <MenuAt {...menu} place={place} onClose={() => setPlace(null)} />
        </Suspense>
      )}
    </>
  );
}
