// A dialog over the page. Focus goes into it, stays in it, and returns to where it was; Escape closes it.

import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/text';
import { IconButton } from './Button';
import { Hidden } from './Hidden';
import styles from './Dialog.module.css';

export interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Buttons at the foot, the main one last. */
  actions?: ReactNode;
  wide?: boolean;
  /** Without a head of its own: what is in it begins at the top. The title is then for screen readers only. */
  bare?: boolean;
  /** Gets the focus first; otherwise the first thing that can. */
  initialFocus?: RefObject<HTMLElement | null>;
}

export function Dialog({ title, onClose, children, actions, wide, bare, initialFocus }: DialogProps) {
  const t = useText();
  return (
    <Base.Root open onOpenChange={(open) => open || onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.scrim} />
        <Base.Popup
          className={cx(styles.popup, wide && styles.wide, bare && styles.bare)}
          {...(initialFocus && { initialFocus })}
        >
          {bare ? (
            <Hidden>
              <Base.Title>{title}</Base.Title>
            </Hidden>
          ) : (
            <header className={styles.head}>
              <Base.Title className={styles.title}>{title}</Base.Title>
              <Base.Close render={<IconButton label={t('common.close')} />}>
                <X size="1.25em" />
              </Base.Close>
            </header>
          )}
          {bare ? children : <div className={styles.body}>{children}</div>}
          {actions && <footer className={styles.actions}>{actions}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
