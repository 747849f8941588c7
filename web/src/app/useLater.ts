// What nobody needs in the first moments waits until the first page stands: the rest of the texts, the quick switcher,
// and notifications.

import { useEffect, useState } from 'react';
import { restOfText } from '@/lib/text';
import { loadLater } from './pages';

/** Milliseconds after the first page began to be drawn. */
const MOMENT = 1_500;

/** True from then on. */
export function useLater(): boolean {
  const [later, setLater] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setLater(true);
      // Whatever needs them asks again.
      restOfText().catch(() => undefined);
      loadLater();
    }, MOMENT);
    return () => clearTimeout(timer);
  }, []);
  return later;
}
