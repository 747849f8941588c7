// What people read when something was refused. The server's own words are for developers and in English; these are ours.

import type { Code } from '@/protocol.gen';
import { restOfText, t } from './text';
import { relative } from './time';

/** What a refusal has, whoever made it. */
export interface Refused {
  readonly code: string;
  readonly field?: string | undefined;
  readonly retryAfter?: number | undefined;
}

/** `file_missing`: a file that waited in this browser is gone. */
type Known = Code | 'offline' | 'file_missing';

// The catalogue is complete for the protocol's codes (its type says so); a newer server may have more.
const known: Record<Known, true> = {
  malformed_json: true,
  too_deep: true,
  invalid_request: true,
  invalid_field: true,
  invalid_text: true,
  unknown_command: true,
  too_large: true,
  body_timeout: true,
  unsupported_media_type: true,
  no_such_endpoint: true,
  method_not_allowed: true,
  unauthorized: true,
  token_expired: true,
  session_ended: true,
  wrong_credentials: true,
  account_disabled: true,
  scope_missing: true,
  forbidden: true,
  not_found: true,
  no_such_command: true,
  registration_closed: true,
  invitation_needed: true,
  invitation_invalid: true,
  username_taken: true,
  email_taken: true,
  blocked: true,
  banned: true,
  muted: true,
  read_only: true,
  archived: true,
  slow_mode: true,
  rate_limited: true,
  too_many_connections: true,
  limit_reached: true,
  already_member: true,
  owner_must_hand_over: true,
  wrong_kind: true,
  message_deleted: true,
  poll_closed: true,
  idempotency_conflict: true,
  conflict: true,
  file_not_ready: true,
  file_refused: true,
  quota_exceeded: true,
  unavailable: true,
  internal: true,
  offline: true,
  file_missing: true,
};

function isKnown(code: string): code is Known {
  return Object.hasOwn(known, code);
}

export function isRefused(problem: unknown): problem is Refused {
  return typeof problem === 'object' && problem !== null && 'code' in problem && typeof problem.code === 'string';
}

/**
 * The words for whatever was thrown: what is not a refusal is a mistake of ours, and said as such. They are not among the
 * first page's texts: until they are there it is only said that it did not work, and components that show it render again
 * when they come.
 */
export function errorText(problem: unknown): string {
  if (!isRefused(problem) || !isKnown(problem.code)) return t('common.problem');
  const key = `error.${problem.code}` as const;
  const now = Date.now();
  const when = problem.retryAfter ? relative(now + problem.retryAfter * 1000, now) : t('error.soon');
  const text = t(key, { when });
  if (text !== key) return text;
  // Whatever needs them next asks again.
  restOfText().catch(() => undefined);
  return t('common.problem');
}
