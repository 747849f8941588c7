// The outbox: what the user has sent and the server has not acknowledged. Pure: no I/O and no clock; times are in
// milliseconds.
//
// A message stays here until it is acknowledged, across lost connections and restarts, and is sent again as often as
// needed: the client id makes the server keep it once. Within a conversation messages leave strictly in order, one at a
// time, so that a refusal of one cannot let the next overtake it. A temporary refusal waits; a permanent one fails the
// message and lets the next go, until the user retries or discards it.
//
// A message with files waits until the server has all of them, which may take long. It takes its place in the order when
// it may leave: what was written after it does not wait for it, except for messages with files, which keep their order
// among themselves. So nobody's words hang behind an upload, and pictures arrive in the order in which they were sent.

import type { Message, SendCommand } from '@/protocol.gen';
import { isTemporary, type Refused } from './refusals';

export type { Refused } from './refusals';

/** How long to wait after a temporary refusal that does not say, in seconds. */
const RETRY_SECONDS = 2;

/** `later`: refused for now. `failed`: refused for good. `sent`: on its way over the present connection. */
export type Status =
  | { readonly is: 'waiting' }
  | { readonly is: 'sent' }
  | { readonly is: 'later'; readonly until: number }
  | { readonly is: 'failed'; readonly problem: Refused };

/** A file of a message, by its upload; `fileId` when the server has all of it. */
export interface DraftFile {
  readonly upload: string;
  readonly fileId: string | null;
}

/** A message that the server has not acknowledged. */
export interface Draft {
  readonly clientId: string;
  readonly conversationId: string;
  readonly parentId: string | null;
  readonly body: string;
  readonly queuedAt: number;
  readonly status: Status;
  /** Absent where there are none. */
  readonly files?: readonly DraftFile[];
}

export class Outbox {
  private held: readonly Draft[] = [];

  /** What was on its way when it was written may have arrived or not, and is sent again. */
  static restore(drafts: readonly Draft[]): Outbox {
    const outbox = new Outbox();
    outbox.held = drafts;
    outbox.disconnected();
    return outbox;
  }

  /** What is not acknowledged, the oldest first. The same array until something changes. */
  drafts(): readonly Draft[] {
    return this.held;
  }

  get(clientId: string): Draft | null {
    return this.held.find((draft) => draft.clientId === clientId) ?? null;
  }

  /** Queues a message. The same client id again is the same message. */
  push(message: SendCommand, now: number, files?: readonly DraftFile[]): void {
    if (this.get(message.client_id) !== null) return;
    const { client_id: clientId, conversation_id: conversationId, body } = message;
    const status: Status = { is: 'waiting' };
    const draft: Draft = { clientId, conversationId, parentId: message.parent_id ?? null, body, queuedAt: now, status };
    this.held = [...this.held, files === undefined ? draft : { ...draft, files }];
  }

  /** The server has all of a file. Returns the messages that wait for it. */
  fileReady(upload: string, fileId: string): readonly Draft[] {
    const waiting = this.waitingFor(upload);
    const filled = (draft: Draft): Draft => ({
      ...draft,
      files: (draft.files ?? []).map((file) => (file.upload === upload ? { upload, fileId } : file)),
    });
    this.held = this.held.map((draft) => (waiting.includes(draft) ? filled(draft) : draft));
    return waiting;
  }

  /** A file cannot come: the messages that wait for it fail. */
  fileFailed(upload: string, problem: Refused): readonly Draft[] {
    const waiting = this.waitingFor(upload);
    for (const draft of waiting) this.set(draft, { is: 'failed', problem });
    return waiting;
  }

  /** What may be sent now; it counts as sent from here on. */
  due(now: number): SendCommand[] {
    // A message that is retried stands before one that may be on its way already, and waits for it.
    const taken = new Set(this.held.filter(({ status }) => status.is === 'sent').map((draft) => draft.conversationId));
    const due = new Set<Draft>();
    const behind = new Set<string>();
    for (const draft of this.held) {
      const { conversationId, status, files } = draft;
      if (status.is === 'failed' || taken.has(conversationId)) continue;
      if (files?.some(isMissing) || (files && behind.has(conversationId))) {
        behind.add(conversationId);
        continue;
      }
      taken.add(conversationId);
      if (status.is === 'waiting' || (status.is === 'later' && status.until <= now)) due.add(draft);
    }
    if (due.size > 0) {
      this.held = this.held.map((draft) => (due.has(draft) ? { ...draft, status: { is: 'sent' } } : draft));
    }
    return Array.from(due, commandOf);
  }

  /** When something that waits becomes due. */
  nextDue(): number | null {
    const waits = this.held.flatMap(({ status }) => (status.is === 'later' ? [status.until] : []));
    return waits.length === 0 ? null : Math.min(...waits);
  }

  /** The server has it. Returns the draft, unless this was known. */
  acknowledged(clientId: string): Draft | null {
    const draft = this.get(clientId);
    if (draft !== null) this.held = this.held.filter((each) => each !== draft);
    return draft;
  }

  /** One's own message has come back as an event, which says the same as an acknowledgement. */
  seen(message: Message): Draft | null {
    const draft = this.get(message.client_id);
    return draft?.conversationId === message.conversation_id ? this.acknowledged(message.client_id) : null;
  }

  /** `later`: it will be sent again by itself. `failed`: not until it is retried. `unknown`: it is not in here. */
  refused(clientId: string, problem: Refused, now: number): 'later' | 'failed' | 'unknown' {
    const draft = this.get(clientId);
    if (draft === null) return 'unknown';
    if (isTemporary(problem)) {
      this.set(draft, { is: 'later', until: now + (problem.retry_after ?? RETRY_SECONDS) * 1000 });
      return 'later';
    }
    this.set(draft, { is: 'failed', problem });
    return 'failed';
  }

  /** The connection is gone: what was on its way may have arrived or not, and is sent again. */
  disconnected(): void {
    if (!this.held.some(({ status }) => status.is === 'sent')) return;
    const waiting: Status = { is: 'waiting' };
    this.held = this.held.map((draft) => (draft.status.is === 'sent' ? { ...draft, status: waiting } : draft));
  }

  /** Sends a failed message once more. Returns whether there was one. */
  retry(clientId: string): boolean {
    const draft = this.get(clientId);
    if (draft?.status.is !== 'failed') return false;
    this.set(draft, { is: 'waiting' });
    return true;
  }

  /** Forgets a message that has not left. One that is on its way cannot be taken back. */
  discard(clientId: string): boolean {
    const draft = this.get(clientId);
    if (draft === null || draft.status.is === 'sent') return false;
    return this.acknowledged(clientId) !== null;
  }

  private waitingFor(upload: string): readonly Draft[] {
    return this.held.filter(({ files }) => files?.some((file) => file.upload === upload && isMissing(file)));
  }

  private set(draft: Draft, status: Status): void {
    this.held = this.held.map((each) => (each === draft ? { ...each, status } : each));
  }
}

function isMissing({ fileId }: DraftFile): boolean {
  return fileId === null;
}

function commandOf({ clientId, conversationId, parentId, body, files }: Draft): SendCommand {
  return {
    conversation_id: conversationId,
    client_id: clientId,
    body,
    ...(parentId !== null && { parent_id: parentId }),
    ...(files && { files: files.flatMap(({ fileId }) => fileId ?? []) }),
  };
}
