// Drafts on all devices of one person. The tab that leads tells the server what was typed here, and takes over what was typed
// elsewhere.
//
// Of each draft it remembers what the devices have last agreed upon: its version and its text. What differs from that is
// one's own and has to be told, on top of that version, so that the server refuses it when another device was faster. What
// comes with a newer version is taken over where nothing differs, and joined with what was typed here where it does. So
// nothing that anybody types is ever replaced by something that did not know of it. What was agreed is kept beside the
// texts, so that after a time without a connection, or a reload, it is still known what is one's own.

import type { Draft } from '@/protocol.gen';
import { backoff } from '../link/backoff';
import { asRefusal, isTemporary } from '../refusal';
import type { Store } from '../store';
import type { Drafts } from '../views/drafts';
import { merge } from './merge';

/** What is typed in one go is told once. */
const SOON = 250;

interface Agreed {
  readonly version: number;
  readonly body: string;
  /** Added on a device that shows them; they stay with the text. */
  readonly files: readonly string[];
  /** What was last sent off: perhaps the server has it, and the answer is lost. */
  readonly sent?: string;
}

type Kept = Agreed & { readonly epoch: string | null };

const NOTHING: Agreed = { version: 0, body: '', files: [] };

export class Exchange {
  readonly merge = merge;
  private agreed = new Map<string, Agreed>();
  /** In which role and in which life of the server's data all that was agreed is known. */
  private begun: { readonly role: object; readonly generation: number } | null = null;
  /** Texts that the server will not have, whatever is done. */
  private readonly refused = new Map<string, string>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private running = false;
  private failures = 0;
  private stopped = false;
  private readonly unlisten: () => void;

  constructor(
    private readonly store: Store,
    private readonly drafts: Drafts,
    /** What makes this tab the one that leads; another object when it was another tab meanwhile. */
    private readonly role: () => object | null,
  ) {
    this.unlisten = store.hub.listen(['own:drafts', 'connection', '*'], () => {
      if (this.isBegun()) this.settle();
      this.look();
    });
    this.look();
  }

  stop(): void {
    this.stopped = true;
    this.unlisten();
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /** Something was typed, or told, or can be told now. */
  look(wait = SOON): void {
    if (this.stopped || this.running || this.role() === null || this.store.connection.phase !== 'live') return;
    this.timer ??= setTimeout(() => void this.run(), wait);
  }

  private async run(): Promise<void> {
    this.timer = null;
    this.running = true;
    let wait = SOON;
    try {
      if (!this.isBegun()) await this.begin();
      for (const key of this.differing()) await this.tell(key);
      this.failures = 0;
    } catch (thrown) {
      const { retryAfter } = asRefusal(thrown);
      wait = retryAfter === undefined ? 500 + backoff(this.failures, this.store.env.random()) : retryAfter * 1000;
      this.failures += 1;
    }
    this.running = false;
    if (!this.isBegun() || this.differing().length > 0) this.look(wait);
  }

  private isBegun(): boolean {
    if (this.stopped || this.begun === null) return false;
    return this.begun.role === this.role() && this.begun.generation === this.generation();
  }

  private generation(): number {
    return this.store.state.generation();
  }

  /** Reads what was agreed, and asks for what there is. */
  private async begin(): Promise<void> {
    const { disk, rest, state } = this.store;
    const [role, generation] = [this.role(), this.generation()];
    const agreed = new Map<string, Agreed>();
    for (const [name, text] of await disk.readTexts()) {
      // Written below, and by nobody else.
      const kept = name.startsWith('=') ? (JSON.parse(text) as Kept) : null;
      // With another life of the server's data the versions mean nothing any more.
      if (kept !== null && kept.epoch === state.epoch()) agreed.set(name.slice(1), kept);
    }
    const there = await rest.all<Draft>('/me/drafts');
    if (this.stopped || role === null || role !== this.role() || generation !== this.generation()) return;
    state.answerDrafts(there);
    this.agreed = agreed;
    this.begun = { role, generation };
    this.settle();
    for (const [key, { version, body }] of agreed) {
      // It was sent or thrown away elsewhere, in a version that nobody told.
      if (body !== '' && state.draft(key) === null) this.take(key, { version, body: '', files: [] });
    }
  }

  /** Takes over what is newer than what was agreed. */
  private settle(): void {
    for (const [key, theirs] of this.store.state.drafts()) {
      if (theirs.version > this.of(key).version) this.take(key, theirs);
    }
  }

  private take(key: string, { version, body, files }: Agreed): void {
    const before = this.of(key);
    const mine = this.drafts.text(key);
    // What one has told oneself is what the text here was made of.
    const both = body === before.sent ? mine : merge(before.body, mine, body);
    this.agree(key, { version, body, files });
    this.drafts.set(key, both);
  }

  private of(key: string): Agreed {
    return this.agreed.get(key) ?? NOTHING;
  }

  private agree(key: string, agreed: Agreed): void {
    this.agreed.set(key, agreed);
    const nothing = agreed.body === '' && agreed.sent === undefined;
    const kept: Kept = { ...agreed, epoch: this.store.state.epoch() };
    void this.store.disk.writeText(`=${key}`, nothing ? '' : JSON.stringify(kept));
  }

  private differing(): string[] {
    const keys = new Set([...this.drafts.keys(), ...this.agreed.keys()]);
    return [...keys].filter((key) => {
      const body = this.drafts.text(key);
      return body !== this.of(key).body && body !== this.refused.get(key);
    });
  }

  private async tell(key: string): Promise<void> {
    if (!this.isBegun()) return;
    const { rest, state } = this.store;
    const { version, body: before, files } = this.of(key);
    const body = this.drafts.text(key);
    const [id, parent_id] = key.split('/');
    this.agree(key, { version, body: before, files, sent: body });
    const save = { body, based_on: version, ...(parent_id && { parent_id }), ...(body !== '' && { files }) };
    try {
      const kept = await rest.put<Draft>(`/conversations/${id}/draft`, save);
      state.answerDrafts([kept]);
      if (!this.isBegun()) return;
      this.settle();
      // The server had it already, and has no newer version.
      if (this.of(key).version === version) this.agree(key, { ...kept, version });
    } catch (thrown) {
      const refusal = asRefusal(thrown);
      if (refusal.draft !== undefined) state.answerDrafts([refusal.draft]);
      else if (isTemporary(refusal)) throw thrown;
      else this.refused.set(key, body);
      if (this.isBegun()) this.settle();
    }
  }
}
