// Shows toasts, and reads them out.

import { X } from 'lucide-react';
import { cx } from '@/lib/cx';
import { useText } from '@/lib/text';
import { Button, IconButton } from './Button';
import { dismiss, useToasts } from './toast';
import styles from './Toasts.module.css';

export function Toasts() {
  const t = useText();
  const toasts = useToasts();
  return (
    <div className={styles.toasts} role="status" aria-live="polite">
      {toasts.map(({ id, text, kind, action }) => (
        <div key={id} className={cx(styles.toast, kind === 'problem' && styles.problem)}>
          <span>{text}</span>
          {action && (
            <Button
              kind="quiet"
              small
              onClick={() => {
                dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <IconButton label={t('common.close')} small onClick={() => dismiss(id)}>
            <X size="1em" />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
