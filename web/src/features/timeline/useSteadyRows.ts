// The rows as the virtual list is given them: led to the new ones step by step before anything is painted, so that the
// list can keep the place at each step.

import { useCallback, useEffect, useLayoutEffect, useState, type RefObject } from 'react';
import type { Row } from './rows';
import { first, rest, step, type Step } from './steps';

/** Where nothing had to scroll, the list does not say when it has come to rest. */
const PATIENCE = 1000;

interface SteadyRows {
  readonly shown: Step;
  /** To be called when the list has come to rest. */
  readonly onScrollEnd: () => void;
}

/** Whoever is at the newest message sees what comes at once: the view holds on to the end itself. */
export function useSteadyRows(rows: readonly Row[], atNewest: RefObject<boolean>): SteadyRows {
  const [shown, setShown] = useState(() => first(rows));
  useLayoutEffect(() => {
    // Each step must be in the document before the next one; nothing of it is painted in between.
    // oxlint-disable-next-line react/set-state-in-effect
    setShown(atNewest.current ? rest(step(shown, rows)) : step(shown, rows));
  }, [shown, rows, atNewest]);

  const onScrollEnd = useCallback(() => setShown(rest), []);
  const moving = shown.seam !== null;
  useEffect(() => {
    if (!moving) return undefined;
    const timer = window.setTimeout(onScrollEnd, PATIENCE);
    return () => window.clearTimeout(timer);
  }, [moving, onScrollEnd]);
  return { shown, onScrollEnd };
}
