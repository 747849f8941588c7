// What waits until the first page stands: the rest of the texts, the quick switcher, and notifications.

import { useEffect } from 'react';
import { useLater as useOver } from '@/lib/later';
import { restOfText } from '@/lib/text';
import { loadLater } from './pages';

/** True from then on. */
export function useLater(): boolean {
  const later = useOver();
  useEffect(() => {
    if (!later) return;
    // Whatever needs them asks again.
    restOfText().catch(() => undefined);
    loadLater();
  }, [later]);
  return later;
}
