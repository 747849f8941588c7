// Draws a long list of pieces a piece at a time, so that the page answers in between.

import { useEffect, useState } from 'react';

export function useGrowing(total: number): number {
  const [shown, setShown] = useState(1);
  useEffect(() => {
    if (shown >= total) return undefined;
    const timer = setTimeout(() => setShown((count) => count + 1));
    return () => clearTimeout(timer);
  }, [shown, total]);
  return Math.min(shown, total);
}
