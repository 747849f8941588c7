// The public REST API with the session's token: adds it, renews it when it has ended, and asks once more.

import type { Page } from '@/protocol.gen';
import type { Api } from '../contract';
import type { Env } from '../env';
import { isRefusal } from '../refusal';
import type { Query, Request } from './request';
import { ask, open } from './request';
import type { Tokens } from './tokens';

export class Rest implements Api {
  constructor(
    readonly env: Env,
    readonly tokens: Tokens,
  ) {}

  async get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
    return await this.run<T>({ method: 'GET', path, query, signal });
  }

  async post<T>(path: string, body?: unknown): Promise<T> {
    const idempotencyKey = crypto.randomUUID();
    return await this.run<T>({ method: 'POST', path, body: body ?? {}, idempotencyKey });
  }

  async put<T>(path: string, body?: unknown): Promise<T> {
    return await this.run<T>({ method: 'PUT', path, body: body ?? {} });
  }

  async delete<T = void>(path: string): Promise<T> {
    return await this.run<T>({ method: 'DELETE', path });
  }

  async file(path: string): Promise<{ blob: Blob; name: string | null }> {
    const request = { method: 'GET', path, accept: '*/*' } as const;
    const answer = await this.authorized((token) => open(this.env, { ...request, token }));
    const [, name] = /filename="?([^";]+)/i.exec(answer.headers.get('content-disposition') ?? '') ?? [];
    return { blob: await answer.blob(), name: name ?? null };
  }

  /** All pages of a list. */
  async all<T>(path: string, query: Query = {}): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | undefined;
    do {
      const page: Page<T> = await this.get<Page<T>>(path, { limit: 200, ...query, cursor });
      items.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return items;
  }

  async run<T>(request: Request): Promise<T> {
    return await this.authorized((token) => ask<T>(this.env, { ...request, token }));
  }

  async stream(path: string, query: Query, signal: AbortSignal): Promise<Response> {
    const request = { method: 'GET', path, query, signal, accept: 'text/event-stream' } as const;
    return await this.authorized((token) => open(this.env, { ...request, token }));
  }

  private async authorized<T>(attempt: (token: string | null) => Promise<T>): Promise<T> {
    const token = await this.tokens.access();
    try {
      return await attempt(token);
    } catch (thrown) {
      if (token === null) throw thrown;
      if (isRefusal(thrown, 'session_ended')) this.tokens.over('ended');
      if (isRefusal(thrown, 'account_disabled')) this.tokens.over('disabled');
      if (!isRefusal(thrown, 'token_expired') && !isRefusal(thrown, 'unauthorized')) throw thrown;
    }
    return await attempt(await this.tokens.renew(token));
  }
}
