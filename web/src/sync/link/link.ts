// A link: one connection over which events come, whatever carries them.

import type { Command, CommandId, Event, Polled } from '@/protocol.gen';
import { isRefusal } from '../refusal';
import type { Resume } from '../state';

export type Envelope = Command & { readonly id?: CommandId };

/** Why a link ended: come back and resume; get a new token first; or do not come back by oneself. */
export type Lost =
  | { readonly is: 'resume'; readonly after?: number | undefined }
  | { readonly is: 'token' }
  | { readonly is: 'stop'; readonly why: 'ended' | 'disabled' };

export interface Sink {
  event(event: Event): void;
  polled(polled: Polled): void;
  /** A sign of life, and nothing else. */
  alive(): void;
  lost(lost: Lost): void;
}

/** Where a link resumes from. */
export interface Source {
  hello(): Resume;
  /** Resolves when nothing is being fetched. */
  idle(): Promise<void>;
}

export interface Link {
  /** Whether commands go this way too; otherwise they go by REST. */
  readonly isTwoWay: boolean;
  send(envelope: Envelope): void;
  /** Whether silence means that it is dead. */
  readonly hasHeartbeat: boolean;
  /** After this, the sink hears nothing more. */
  close(): void;
}

/** What a close code asks for. */
export function closed(code: number): Lost {
  if (code === 4100) return { is: 'token' };
  if (code === 4101) return { is: 'stop', why: 'ended' };
  return { is: 'resume' };
}

/** What a refused request means for a connection. */
export function lostBy(thrown: unknown): Lost {
  if (isRefusal(thrown, 'session_ended')) return { is: 'stop', why: 'ended' };
  if (isRefusal(thrown, 'account_disabled')) return { is: 'stop', why: 'disabled' };
  if (isRefusal(thrown, 'token_expired') || isRefusal(thrown, 'unauthorized')) return { is: 'token' };
  return { is: 'resume', after: isRefusal(thrown) ? thrown.retryAfter : undefined };
}
