// One file on its way to the server, by the tus protocol. It goes in pieces, so that what has arrived is never sent again,
// and goes on from where it was after a lost connection, a pause, or in another tab.

import type { DetailedError } from 'tus-js-client';
import type { StoredFile } from '@/lib/file';
import type { Rest } from '../api/rest';
import { asRefusal, offline, Refused } from '../refusal';
import type { Purpose } from './types';

/** Large enough not to slow a fast network, small enough for what stands between us and the server. */
const PIECE = 4 * 1024 * 1024;

/** How often the server is asked whether it has looked at a file, in milliseconds: soon, and then more seldom. */
const LOOKS = [150, 300, 600, 1000, 2000, 3000];

export interface Sending {
  readonly blob: Blob;
  readonly name: string;
  readonly purpose: Purpose;
  readonly voice: boolean;
  /** Where the rest of it goes, if it was begun before. */
  readonly url: string | null;
  readonly signal: AbortSignal;
  readonly begun: (url: string) => void;
  readonly progress: (sent: number) => void;
}

/** What carries a file; a test may give another. */
export interface Carrier {
  /** The id of the file that it became. */
  send(sending: Sending): Promise<string>;
  /** Until the server has looked at it. */
  check(id: string, signal: AbortSignal): Promise<StoredFile>;
  /** It is not wanted any more. */
  drop(url: string): Promise<void>;
}

export function carrier(rest: Rest): Carrier {
  return {
    send: (sending) => send(rest, sending),
    check: (id, signal) => check(rest, id, signal),
    drop: async (url) => await rest.delete(`/uploads/${idOf(url)}`),
  };
}

async function send(rest: Rest, sending: Sending, again = true): Promise<string> {
  const { Upload } = await import('tus-js-client');
  const token = (await rest.tokens.access()) ?? '';
  try {
    return await new Promise<string>((resolve, reject) => {
      const upload = new Upload(sending.blob, {
        endpoint: `${rest.env.origin}/api/v1/uploads`,
        uploadUrl: sending.url,
        metadata: {
          filename: sending.name,
          purpose: sending.purpose,
          ...(sending.voice && { voice: '1' }),
        },
        chunkSize: PIECE,
        // When to try again is for the runner to say, which knows of the connection and of the other files.
        retryDelays: null,
        storeFingerprintForResuming: false,
        onBeforeRequest: async (request) => {
          request.setHeader('Authorization', `Bearer ${(await rest.tokens.access()) ?? token}`);
        },
        onUploadUrlAvailable: () => {
          if (upload.url !== null) sending.begun(upload.url);
        },
        onProgress: (sent) => sending.progress(sent),
        onSuccess: () => resolve(idOf(upload.url ?? '')),
        onError: (problem) => reject(refusalOf(problem)),
      });
      sending.signal.addEventListener('abort', () => {
        void upload.abort();
        reject(offline());
      });
      if (sending.signal.aborted) reject(offline());
      else upload.start();
    });
  } catch (thrown) {
    if (asRefusal(thrown).status !== 401 || !again) throw thrown;
    await rest.tokens.renew(token);
    return await send(rest, sending, false);
  }
}

async function check(rest: Rest, id: string, signal: AbortSignal): Promise<StoredFile> {
  for (let look = 0; ; look += 1) {
    const file = await rest.get<StoredFile>(`/files/${id}`, {}, signal);
    if (file.state === 'refused') throw new Refused({ code: 'file_refused', status: 422 });
    if (file.state === 'ready') return file;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, LOOKS[Math.min(look, LOOKS.length - 1)]);
    });
    if (signal.aborted) throw offline();
  }
}

function idOf(url: string): string {
  return /([^/]+)\/?$/.exec(url)?.[1] ?? '';
}

/** The library throws errors of its own; the server's answer within one says more. */
function refusalOf(problem: Error | DetailedError): Refused {
  const response = 'originalResponse' in problem ? problem.originalResponse : null;
  const status = response?.getStatus() ?? 0;
  if (status === 0) return offline();
  const told = read(response?.getBody() ?? '');
  const after = Number(response?.getHeader('Retry-After'));
  return new Refused({
    code: status >= 500 ? 'unavailable' : 'invalid_request',
    ...told,
    status,
    ...(after > 0 && { retry_after: after }),
  });
}

function read(body: string): { code: string; detail?: string } | null {
  try {
    const answer: unknown = JSON.parse(body);
    if (typeof answer !== 'object' || answer === null || !('code' in answer) || typeof answer.code !== 'string')
      return null;
    return {
      code: answer.code,
      ...('detail' in answer && typeof answer.detail === 'string' && { detail: answer.detail }),
    };
  } catch {
    return null;
  }
}
