// The outbox as all tabs share it. A message is on the screen at once, is written to the disk, and only then goes to the
// tab that leads, which sends it. Every tab holds a copy of what waits; what this tab has pushed and the leader has not
// confirmed is pushed again to the next one, which is harmless, because the client id makes the server keep it once.

import type { Message, SendCommand } from '@/protocol.gen';
import type { Pending } from '../contract';
import type { Draft, DraftFile, Refused } from '../state';
import { Outbox } from '../state';
import type { Store } from '../store';
import type { Handed, Queued, Wish } from '../tabs/bus';

export class Queue {
  /** Right in the tab that leads; in the others, as the leader told last. */
  outbox = Outbox.restore([]);
  private handed: readonly Handed[] = [];
  /** Pushed here, and not confirmed by the leader. */
  private mine: readonly Draft[] = [];
  /** What the leader told last, in a tab that follows. */
  private mirror: readonly Draft[] = [];
  /** Wished here, and not seen to be done: the leader may be gone, or not ready yet. */
  private readonly wished = new Map<string, Wish>();
  private lastTime = 0;
  private writing: Promise<unknown> = Promise.resolve();

  constructor(private readonly store: Store) {}

  /** Shows and writes a message; `durable` is called when it may leave. */
  push(
    conversationId: string,
    parentId: string | null,
    body: string,
    durable: (draft: Draft) => void,
    files?: readonly DraftFile[],
  ): string {
    const clientId = crypto.randomUUID();
    // The order of sending is that of these times, so no two are equal.
    this.lastTime = Math.max(this.store.env.now(), this.lastTime + 1);
    const status = { is: 'waiting' } as const;
    const plain: Draft = { clientId, conversationId, parentId, body, queuedAt: this.lastTime, status };
    const draft = files === undefined ? plain : { ...plain, files };
    this.mine = [...this.mine, draft];
    this.store.changed(`pending:${conversationId}`);
    this.writing = this.writing.then(() => this.store.disk.putDraft(draft)).then(() => durable(draft));
    return clientId;
  }

  /** What a new leader is told again. */
  unconfirmed(): readonly Draft[] {
    return this.mine;
  }

  /** The user wants this, whoever leads. */
  wish(wish: Wish): void {
    this.wished.set(wish.clientId, wish);
  }

  /** What a new leader is told again. */
  wishes(): readonly Wish[] {
    return [...this.wished.values()];
  }

  /** A tab has pushed this to the leader, which is here. */
  take(draft: Draft): void {
    const { clientId: client_id, conversationId: conversation_id, body, parentId: parent_id } = draft;
    this.outbox.push({ client_id, conversation_id, body, parent_id }, draft.queuedAt, draft.files);
    this.confirm();
    this.told(draft.conversationId);
  }

  /** This tab leads now: what the disk holds, what the last leader told, and what was pushed here. */
  async lead(): Promise<void> {
    await this.writing;
    const stored = await this.store.disk.readOutbox();
    const all = new Map<string, Draft>();
    for (const draft of [...stored, ...this.drafts(), ...this.mine]) {
      if (!all.has(draft.clientId)) all.set(draft.clientId, draft);
    }
    this.mirror = [];
    this.outbox = Outbox.restore([...all.values()].toSorted((a, b) => a.queuedAt - b.queuedAt));
    this.confirm();
    this.wishes().forEach((wish) => this.carryOut(wish));
    this.wished.clear();
    this.toldAll();
  }

  queued(): Queued {
    return { drafts: this.outbox.drafts(), handed: this.handed };
  }

  /** The leader, elsewhere, told what waits. */
  follow(queued: Queued): void {
    const before = this.drafts();
    this.outbox = Outbox.restore([]);
    this.mirror = queued.drafts;
    this.handed = queued.handed;
    this.confirm();
    this.granted();
    for (const { conversationId } of [...before, ...queued.drafts]) this.told(conversationId);
  }

  /** The server has it. It is shown as pending until the timeline has it, so that it never disappears for a moment. */
  acknowledged(clientId: string, seq: number | null): void {
    const draft = this.outbox.acknowledged(clientId);
    if (draft === null) return;
    if (seq !== null) this.handed = [...this.handed, { draft, seq }];
    this.removed(draft);
  }

  /** One's own message has come. */
  seen(message: Message): void {
    const draft = this.outbox.seen(message);
    this.mine = this.mine.filter(({ clientId }) => clientId !== message.client_id);
    if (draft !== null) this.removed(draft);
  }

  private removed(draft: Draft): void {
    this.told(draft.conversationId);
    void this.store.disk.dropDraft(draft.clientId);
  }

  /** Writes a draft's status, so that a failure is still one after a reload. */
  keep(clientId: string): void {
    const draft = this.outbox.get(clientId);
    if (draft === null) return;
    this.told(draft.conversationId);
    void this.store.disk.putDraft(draft);
  }

  /** What may leave now. */
  due(): SendCommand[] {
    const due = this.outbox.due(this.store.env.now());
    for (const { conversation_id } of due) this.told(conversation_id);
    return due;
  }

  refused(clientId: string, problem: Refused): void {
    this.outbox.refused(clientId, problem, this.store.env.now());
    this.keep(clientId);
  }

  /** Whether a message waits for files. */
  waitsForFiles(): boolean {
    return this.outbox.drafts().some(({ files }) => files !== undefined);
  }

  /** The server has all of a file. Returns whether a message waited for it. */
  fileReady(upload: string, fileId: string): boolean {
    const waited = this.outbox.fileReady(upload, fileId);
    waited.forEach(({ clientId }) => this.keep(clientId));
    return waited.length > 0;
  }

  fileFailed(upload: string, problem: Refused): void {
    this.outbox.fileFailed(upload, problem).forEach(({ clientId }) => this.keep(clientId));
  }

  disconnected(): void {
    this.outbox.disconnected();
    this.toldAll();
  }

  /** Does in the tab that leads what is wished in any. */
  carryOut({ is, clientId }: Wish): void {
    const draft = this.outbox.get(clientId);
    if (draft === null) return;
    this.wished.delete(clientId);
    if (is === 'retry' && this.outbox.retry(clientId)) this.keep(clientId);
    else if (is === 'discard' && this.outbox.discard(clientId)) this.removed(draft);
  }

  /** Lets go of what the timeline has. Returns whether there was any. */
  prune(): boolean {
    const { state } = this.store;
    const kept = this.handed.filter(({ draft, seq }) => state.cursor(draft.conversationId) < seq);
    const gone = this.handed.length - kept.length;
    if (gone > 0) this.handed = kept;
    return gone > 0;
  }

  /** What is shown of a conversation or thread, in the order of sending. */
  shown(conversationId: string, parentId: string | null): readonly Pending[] {
    const here = (draft: Draft) => draft.conversationId === conversationId && draft.parentId === parentId;
    const all = new Map<string, Pending>();
    for (const { draft } of this.handed) if (here(draft)) all.set(draft.clientId, pending(draft, 'sending'));
    for (const draft of this.drafts()) if (here(draft)) all.set(draft.clientId, pending(draft));
    for (const draft of this.mine) if (here(draft) && !all.has(draft.clientId)) all.set(draft.clientId, pending(draft));
    if (all.size === 0) return NONE;
    const arrived = this.store.state.timeline(conversationId)?.messages ?? [];
    for (const message of arrived) if (message.sender_id === this.store.userId) all.delete(message.client_id);
    return [...all.values()].toSorted((a, b) => a.queuedAt - b.queuedAt);
  }

  private drafts(): readonly Draft[] {
    const own = this.outbox.drafts();
    return own.length > 0 ? own : this.mirror;
  }

  private confirm(): void {
    const known = new Set([...this.drafts(), ...this.handed.map(({ draft }) => draft)].map(({ clientId }) => clientId));
    this.mine = this.mine.filter(({ clientId }) => !known.has(clientId));
  }

  /** A wish is done with when the leader shows it: what is discarded is gone, and what is retried is no failure. */
  private granted(): void {
    for (const { is, clientId } of this.wishes()) {
      const draft = this.mirror.find((each) => each.clientId === clientId);
      const isOpen = is === 'retry' ? draft?.status.is === 'failed' : draft !== undefined && draft.status.is !== 'sent';
      if (!isOpen) this.wished.delete(clientId);
    }
  }

  private told(conversationId: string): void {
    this.store.changed('queue', `pending:${conversationId}`);
  }

  private toldAll(): void {
    for (const { conversationId } of this.outbox.drafts()) this.told(conversationId);
  }
}

const NONE: readonly Pending[] = [];
const shownAs = new WeakMap<Draft, Pending>();

function pending(draft: Draft, as?: 'sending'): Pending {
  const held = shownAs.get(draft);
  if (held !== undefined && (as === undefined || held.status === as)) return held;
  const { clientId, conversationId, parentId, body, queuedAt, status, files } = draft;
  const common = { clientId, conversationId, parentId, body, queuedAt, files: files?.length ?? 0 };
  const shown: Pending =
    as === undefined && status.is === 'failed'
      ? { ...common, status: 'failed', problem: problemOf(status.problem) }
      : { ...common, status: as ?? (status.is === 'sent' ? 'sending' : 'queued') };
  shownAs.set(draft, shown);
  return shown;
}

function problemOf(problem: {
  code: string;
  detail?: string | null;
  retry_after?: number | null;
}): NonNullable<Pending['problem']> {
  return {
    code: problem.code,
    ...(problem.detail === undefined || problem.detail === null ? {} : { detail: problem.detail }),
    ...(problem.retry_after === undefined || problem.retry_after === null ? {} : { retryAfter: problem.retry_after }),
  };
}
