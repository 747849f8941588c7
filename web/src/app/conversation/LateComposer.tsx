// The composer, loaded while the messages are being read: they come first, and its place is kept free meanwhile.

import { lazy, Suspense, type ComponentProps } from 'react';
import type { Composer } from '@/features/composer/Composer';
import styles from './Conversation.module.css';

const loading = import('@/features/composer/Composer');
// Whoever shows it hears of a failure; before that it is nobody's.
loading.catch(() => undefined);
const Late = lazy(async () => ({ default: (await loading).Composer }));

export function LateComposer(props: ComponentProps<typeof Composer>) {
  return (
    <Suspense fallback={<div className={styles.composer} />}>
      <Late {...props} />
    </Suspense>
  );
}
