// The rows as the virtual list is given them: led to the new ones step by step before anything is painted, so that the
// list can keep the place at each step.

import { useLayoutEffect, useState } from 'react';
import type { Row } from './rows';
import { first, step, type Step } from './steps';

export function useSteadyRows(rows: readonly Row[]): Step {
  const [shown, setShown] = useState(() => first(rows));
  useLayoutEffect(() => {
    // Each step must be in the document before the next one; nothing of it is painted in between.
    // oxlint-disable-next-line react/set-state-in-effect
    if (shown.rows !== rows) setShown(step(shown, rows));
  }, [shown, rows]);
  return shown;
}
