// One HTTP request to the server, and its answer or refusal.

import type { Problem } from '@/protocol.gen';
import type { Env } from '../env';
import { offline, Refused } from '../refusal';

export type Query = Readonly<Record<string, string | number | undefined>>;

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly token?: string | null;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal | undefined;
  readonly keepalive?: boolean;
  /** Milliseconds until the request counts as lost. */
  readonly patience?: number;
}

/** Long enough for a slow network, short enough that nothing waits for ever for a connection that is dead. */
const PATIENCE = 30_000;

export function address(env: Env, path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `${env.origin}/api/v1${path}${text === '' ? '' : `?${text}`}`;
}

export async function ask<T>(env: Env, request: Request): Promise<T> {
  const response = await send(env, request);
  if (response.status === 204) return undefined as T;
  const answer = await read(response, request.signal);
  if (response.ok) return answer as T;
  throw refusal(response, answer);
}

/** The answer as it comes, for streams. What was refused is thrown. */
export async function open(env: Env, request: Request & { readonly accept: string }): Promise<Response> {
  const response = await send(env, request, request.accept);
  if (response.ok) return response;
  throw refusal(response, await read(response, request.signal));
}

async function send(env: Env, request: Request, accept = 'application/json'): Promise<Response> {
  const headers: Record<string, string> = { accept };
  if (request.body !== undefined) headers['content-type'] = 'application/json';
  if (request.token !== undefined && request.token !== null) headers['authorization'] = `Bearer ${request.token}`;
  if (request.idempotencyKey !== undefined) headers['idempotency-key'] = request.idempotencyKey;
  // A stream has no end, so only plain requests have a limit.
  const limit = accept === 'application/json' ? [AbortSignal.timeout(request.patience ?? PATIENCE)] : [];
  const signals = request.signal === undefined ? limit : [request.signal, ...limit];
  try {
    return await env.fetch(address(env, request.path, request.query), {
      method: request.method,
      headers,
      credentials: 'same-origin',
      keepalive: request.keepalive ?? false,
      ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
  } catch (thrown) {
    // Who gave up hears of it as an abort, not as a lost connection.
    if (request.signal?.aborted) throw thrown;
    throw offline();
  }
}

async function read(response: Response, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  } catch (thrown) {
    if (signal?.aborted) throw thrown;
    // An answer that stops in the middle, or a page of something that stands between us and the server.
    throw offline();
  }
}

function refusal(response: Response, answer: unknown): Refused {
  if (!isProblem(answer)) {
    return response.status >= 500 || response.status === 0
      ? new Refused({ code: 'unavailable', status: response.status })
      : new Refused({ code: 'internal', status: response.status });
  }
  const after = Number(response.headers.get('retry-after'));
  const retry_after = answer.retry_after ?? (after > 0 ? after : null);
  return new Refused({ ...answer, retry_after });
}

function isProblem(answer: unknown): answer is Problem {
  return typeof answer === 'object' && answer !== null && 'code' in answer && typeof answer.code === 'string';
}
