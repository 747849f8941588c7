// Why a message may be refused, and whether trying again later can help.

import type { Code } from '@/protocol.gen';

/** What a message was refused with: a problem from REST, or an error frame, which has no status. */
export interface Refused {
  readonly code: string;
  readonly status?: number | null;
  readonly detail?: string | null;
  /** In seconds. */
  readonly retry_after?: number | null;
}

/**
 * Which refusals pass by themselves. Being unauthorized does, because the connection gets a new token. Being muted does
 * not: it may last for days, and what to do then is for the user to decide.
 */
const TEMPORARY: Readonly<Record<Code, boolean>> = {
  malformed_json: false,
  too_deep: false,
  invalid_request: false,
  invalid_field: false,
  invalid_text: false,
  unknown_command: false,
  too_large: false,
  body_timeout: false,
  unsupported_media_type: false,
  no_such_endpoint: false,
  method_not_allowed: false,
  unauthorized: true,
  token_expired: true,
  session_ended: true,
  wrong_credentials: false,
  account_disabled: false,
  scope_missing: false,
  forbidden: false,
  not_found: false,
  no_such_command: false,
  registration_closed: false,
  invitation_needed: false,
  invitation_invalid: false,
  username_taken: false,
  email_taken: false,
  blocked: false,
  banned: false,
  muted: false,
  read_only: false,
  archived: false,
  slow_mode: true,
  rate_limited: true,
  too_many_connections: true,
  limit_reached: false,
  already_member: false,
  owner_must_hand_over: false,
  wrong_kind: false,
  message_deleted: false,
  poll_closed: false,
  idempotency_conflict: false,
  conflict: false,
  file_not_ready: true,
  file_refused: false,
  quota_exceeded: false,
  unavailable: true,
  internal: true,
};

/** Whether the same request may succeed later. */
export function isTemporary({ code, status }: Refused): boolean {
  if (isKnown(code)) return TEMPORARY[code];
  // A code of a later protocol: the status tells, and without one it may be anything.
  const told = status ?? 500;
  return [401, 408, 425, 429].includes(told) || (told >= 500 && told <= 599);
}

function isKnown(code: string): code is Code {
  return Object.hasOwn(TEMPORARY, code);
}
