// Something that a form or a button asks for and that may be refused: whether it is under way, and what came of it. What
// a refusal names a field for is said beside that field, everything else below the form.

import { useCallback, useMemo, useRef, useState } from 'react';
import { errorText, isRefused } from './error';

export interface Task {
  readonly busy: boolean;
  /** Runs the work unless some is running already; whether it was carried out. */
  run(work: () => Promise<unknown>): Promise<boolean>;
  /** What to say beside a field. */
  errorOf(field: string): string | undefined;
  /** What to say below the form: what belongs to none of these fields. */
  errorBeside(...fields: readonly string[]): string | undefined;
  /** Forgets what went wrong, as when the user goes on typing. */
  clear(): void;
}

const nothing: unknown = null;

export function useTask(): Task {
  const [state, setState] = useState({ busy: false, problem: nothing });
  const running = useRef(false);

  const run = useCallback(async (work: () => Promise<unknown>) => {
    if (running.current) return false;
    running.current = true;
    setState({ busy: true, problem: null });
    try {
      await work();
      setState({ busy: false, problem: null });
      return true;
    } catch (problem) {
      setState({ busy: false, problem });
      return false;
    } finally {
      running.current = false;
    }
  }, []);
  const clear = useCallback(() => setState((now) => (now.problem === null ? now : { ...now, problem: null })), []);

  return useMemo(() => {
    const { busy, problem } = state;
    const field = isRefused(problem) ? problem.field : undefined;
    return {
      busy,
      run,
      clear,
      errorOf: (name) => (problem !== null && field === name ? errorText(problem) : undefined),
      errorBeside: (...fields) =>
        problem === null || (field !== undefined && fields.includes(field)) ? undefined : errorText(problem),
    };
  }, [state, run, clear]);
}
