// Things to press. A button says what it does in words; an icon button says it to screen readers and on hover.

import type { ComponentPropsWithRef, ReactNode } from 'react';
import { cx } from '@/lib/cx';
import { Spinner } from './Spinner';
import styles from './Button.module.css';

export interface ButtonProps extends ComponentPropsWithRef<'button'> {
  kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  small?: boolean;
  wide?: boolean;
  /** Something is under way: the button waits with the user. */
  busy?: boolean;
  icon?: ReactNode;
}

export function Button({
  kind = 'plain',
  small,
  wide,
  busy,
  icon,
  children,
  className,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cx(styles.button, styles[kind], small && styles.small, wide && styles.wide, className)}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  );
}

export interface IconButtonProps extends ComponentPropsWithRef<'button'> {
  label: string;
  small?: boolean;
  /** The icon points in reading direction, and is mirrored where that is from right to left. */
  flip?: boolean;
}

export function IconButton({ label, small, flip, className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={cx(styles.icon, small && styles.iconSmall, flip && styles.flip, className)}
    >
      {children}
    </button>
  );
}
