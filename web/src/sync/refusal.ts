// Refusals: what a request was answered with when it was not done, as an Error that callers tell apart by its code.

import type { Draft, ErrorFrame, Problem } from '@/protocol.gen';
import type { Refusal } from './contract';

export class Refused extends Error implements Refusal {
  readonly code: string;
  readonly status: number;
  readonly detail?: string;
  readonly field?: string;
  readonly retryAfter?: number;
  /** The newer draft that a `conflict` of drafts was about. */
  readonly draft?: Draft;

  constructor(problem: Partial<Omit<Problem, 'code'>> & { readonly code: string; readonly draft?: Draft }) {
    super(problem.detail ?? problem.title ?? problem.code);
    this.name = 'Refusal';
    this.code = problem.code;
    this.status = problem.status ?? 0;
    if (problem.detail !== undefined && problem.detail !== null) this.detail = problem.detail;
    if (problem.field !== undefined && problem.field !== null) this.field = problem.field;
    if (problem.retry_after !== undefined && problem.retry_after !== null) this.retryAfter = problem.retry_after;
    if (problem.draft !== undefined) this.draft = problem.draft;
  }
}

export function offline(): Refused {
  return new Refused({ code: 'offline', title: 'The server could not be reached.' });
}

/** From the frame that answers a command. It has no status; the codes say enough. */
export function fromFrame(frame: ErrorFrame): Refused {
  const { code, detail, field, retry_after } = frame;
  return new Refused({ code, detail: detail ?? null, field: field ?? null, retry_after: retry_after ?? null });
}

/** Whether something that was thrown is a refusal, and, where a code is given, that one. */
export function isRefusal(thrown: unknown, code?: string): thrown is Refusal {
  return thrown instanceof Refused && (code === undefined || thrown.code === code);
}

export function isOffline(thrown: unknown): thrown is Refusal {
  return isRefusal(thrown, 'offline');
}

/** Whatever was thrown, as a refusal: what is not one is a fault of ours, and shown like a server's. */
export function asRefusal(thrown: unknown): Refused {
  if (thrown instanceof Refused) return thrown;
  return new Refused({ code: 'internal', title: thrown instanceof Error ? thrown.message : String(thrown) });
}

/** The same request may succeed later, without anybody doing anything. */
export function isTemporary(refusal: Refusal): boolean {
  return (
    ['offline', 'rate_limited', 'too_many_connections', 'unavailable', 'internal'].includes(refusal.code) ||
    refusal.status >= 500
  );
}
