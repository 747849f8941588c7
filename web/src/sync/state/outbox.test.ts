// The outbox: examples of its rules, and what must hold whatever happens between it and a server.

import { array, boolean, check, constantFrom, defaultReportMessage, nat, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Outbox } from './outbox';
import { isTemporary } from './refusals';

const RUNS = Number(process.env['RUNS'] ?? 500);

const KINDS = [
  'push',
  'push',
  'send',
  'send',
  'arrive',
  'answer',
  'refuse',
  'fail',
  'cut',
  'restart',
  'retry',
] as const;

const step = record({ do: constantFrom(...KINDS, 'discard', 'wait'), nth: nat(50), room: nat(2), flag: boolean() });

interface Step {
  readonly do: (typeof KINDS)[number] | 'discard' | 'wait';
  readonly nth: number;
  readonly room: number;
  readonly flag: boolean;
}

/** A server that keeps each message once, and a link that loses answers. */
class World {
  private outbox = new Outbox();
  private now = 0;
  private pushed = 0;
  private readonly discarded = new Set<string>();
  /** By conversation, in the order that the server first took them in. */
  private readonly log = new Map<string, string[]>();
  private readonly retried = new Set<string>();
  /** Sent and not arrived yet; arrived and not answered yet. */
  private underway: { id: string; room: string }[] = [];
  private unanswered: { id: string; room: string }[] = [];

  step({ do: what, nth, room, flag }: Step): void {
    const drafts = this.outbox.drafts();
    const draft = drafts[nth % Math.max(1, drafts.length)];
    if (what === 'push') this.push(`${room}`);
    else if (what === 'send') this.send();
    else if (what === 'arrive') this.arrive();
    else if (what === 'answer') {
      for (const { id, room: conversation } of this.unanswered.splice(0, 1)) {
        if (flag) this.outbox.acknowledged(id);
        else this.see(id, conversation);
      }
    } else if (what === 'refuse' || what === 'fail') {
      const code = what === 'fail' ? 'forbidden' : 'slow_mode';
      for (const { id } of this.underway.splice(0, 1)) this.outbox.refused(id, { code, retry_after: 5 }, this.now);
    } else if (what === 'cut') this.cut(flag);
    else if (what === 'restart') {
      this.cut(flag);
      this.outbox = Outbox.restore(structuredClone(this.outbox.drafts()));
    } else if (what === 'wait') this.now += nth * 1000;
    else if (draft !== undefined && what === 'retry') {
      if (this.outbox.retry(draft.clientId)) this.retried.add(draft.clientId);
    } else if (draft !== undefined && this.outbox.discard(draft.clientId)) this.discarded.add(draft.clientId);
  }

  /** Lets everything through, and says what went wrong over all. */
  finish(): string[] {
    this.cut(true);
    for (let round = 0; round < 1000 && this.outbox.drafts().length > 0; round += 1) {
      this.now += 60_000;
      for (const { clientId } of this.outbox.drafts()) if (this.outbox.retry(clientId)) this.retried.add(clientId);
      this.send();
      while (this.underway.length > 0) this.arrive();
      for (const { id } of this.unanswered.splice(0)) this.outbox.acknowledged(id);
    }
    const problems = this.outbox.drafts().map(({ clientId }) => `${clientId} is still here`);
    const arrived = new Set([...this.log.values()].flat());
    for (let at = 1; at <= this.pushed; at += 1) {
      const id = `${at}`;
      if (!arrived.has(id) && !this.discarded.has(id)) problems.push(`${id} is lost`);
    }
    for (const [room, ids] of this.log) {
      // What had failed and was sent once more comes later; all others come in the order in which they were written.
      const order = ids.filter((id) => !this.retried.has(id)).map(Number);
      if (order.some((id, at) => id < (order[at - 1] ?? 0))) problems.push(`the order in ${room}: ${ids.join(' ')}`);
    }
    return problems;
  }

  private push(room: string): void {
    this.pushed += 1;
    const message = { client_id: `${this.pushed}`, conversation_id: room, body: '' };
    this.outbox.push(message, this.now);
    this.outbox.push(message, this.now);
  }

  private send(): void {
    for (const { client_id: id, conversation_id: room } of this.outbox.due(this.now)) {
      if (this.underway.some((other) => other.room === room)) throw new Error(`two under way in ${room}`);
      this.underway.push({ id, room });
    }
  }

  private arrive(): void {
    for (const sent of this.underway.splice(0, 1)) {
      const log = this.log.get(sent.room) ?? [];
      if (!log.includes(sent.id)) this.log.set(sent.room, [...log, sent.id]);
      this.unanswered.push(sent);
    }
  }

  private see(client_id: string, conversation_id: string): void {
    const never = { edited_at: null, deleted_at: null, parent_id: null, last_reply_at: null, pinned_at: null };
    const rest = { body: '', id: '1', created_at: '', reactions: [], attachments: [], reply_count: 0, ...never };
    this.outbox.seen({ ...rest, client_id, conversation_id, seq: 1, changed: 1, sender_id: '1', type: 'text' });
  }

  /** The connection ends; what was on its way has arrived, or has not. */
  private cut(arrives: boolean): void {
    if (arrives) while (this.underway.length > 0) this.arrive();
    this.underway = [];
    this.unanswered = [];
    this.outbox.disconnected();
  }
}

const send = (client_id: string, conversation_id: string) => ({ client_id, conversation_id, body: client_id });

function filled(): Outbox {
  const outbox = new Outbox();
  for (const [id, conversation] of [
    ['a', '1'],
    ['b', '1'],
    ['c', '2'],
    ['b', '1'],
  ] as const) {
    outbox.push(send(id, conversation), 0);
  }
  return outbox;
}

const due = (outbox: Outbox, now = 0) => outbox.due(now).map((message) => message.client_id);

describe('an outbox', () => {
  it('loses nothing, keeps the order and has one message under way in each conversation', () => {
    const histories = property(array(step, { maxLength: 100, size: 'max' }), (steps) => {
      const world = new World();
      for (const each of steps) world.step(each);
      const problems = world.finish();
      if (problems.length > 0) throw new Error(problems.join('\n'));
    });
    const details = check(histories, { numRuns: RUNS });
    expect(details.failed ? defaultReportMessage(details) : null).toBeNull();
  });

  it('sends one message at a time in a conversation', () => {
    const outbox = filled();
    expect(due(outbox)).toEqual(['a', 'c']);
    expect(due(outbox)).toEqual([]);
    expect(outbox.acknowledged('a')?.clientId).toBe('a');
    expect(due(outbox)).toEqual(['b']);
    expect(outbox.acknowledged('a')).toBeNull();
  });

  it('waits after a temporary refusal, and lets nothing overtake', () => {
    const outbox = filled();
    due(outbox);
    expect(outbox.refused('a', { code: 'slow_mode', retry_after: 5 }, 0)).toBe('later');
    expect(due(outbox, 4_999)).toEqual([]);
    expect(outbox.nextDue()).toBe(5_000);
    expect(due(outbox, 5_000)).toEqual(['a']);
    expect(outbox.nextDue()).toBeNull();
  });

  it('fails a message that is refused for good, and lets the next go', () => {
    const outbox = filled();
    due(outbox);
    expect(outbox.refused('a', { code: 'forbidden' }, 0)).toBe('failed');
    expect(due(outbox)).toEqual(['b']);
    expect(outbox.discard('b')).toBe(false);
    expect(outbox.retry('a')).toBe(true);
    expect(outbox.retry('a')).toBe(false);
    outbox.acknowledged('b');
    expect(due(outbox)).toEqual(['a']);
    outbox.refused('a', { code: 'read_only' }, 0);
    expect(outbox.discard('a')).toBe(true);
    expect(outbox.refused('a', { code: 'read_only' }, 0)).toBe('unknown');
  });

  it('holds a message until its files are there, and only messages with files behind it', () => {
    const outbox = new Outbox();
    const push = (id: string, at: number, files?: { upload: string; fileId: string | null }[]) =>
      outbox.push({ client_id: id, conversation_id: '1', body: id }, at, files);
    push('picture', 1, [
      { upload: 'u1', fileId: null },
      { upload: 'u2', fileId: '22' },
    ]);
    push('words', 2);
    push('later picture', 3, [{ upload: 'u3', fileId: '33' }]);
    expect(due(outbox)).toEqual(['words']);
    outbox.acknowledged('words');
    expect(due(outbox)).toEqual([]);
    expect(outbox.fileReady('u1', '11')).toHaveLength(1);
    expect(outbox.fileReady('u1', '12')).toHaveLength(0);
    expect(outbox.due(0).map(({ files }) => files)).toEqual([['11', '22']]);
    outbox.acknowledged('picture');
    expect(due(outbox)).toEqual(['later picture']);
  });

  it('fails a message whose file cannot come, and lets the next go', () => {
    const outbox = new Outbox();
    outbox.push({ client_id: 'a', conversation_id: '1', body: '' }, 1, [{ upload: 'u1', fileId: null }]);
    outbox.push({ client_id: 'b', conversation_id: '1', body: '' }, 2, [{ upload: 'u2', fileId: '2' }]);
    outbox.fileFailed('u1', { code: 'quota_exceeded' });
    expect(outbox.get('a')?.status).toEqual({ is: 'failed', problem: { code: 'quota_exceeded' } });
    expect(due(outbox)).toEqual(['b']);
  });

  it('is the same list until something changes', () => {
    const outbox = filled();
    const before = outbox.drafts();
    outbox.disconnected();
    expect(due(outbox, -1)).toHaveLength(2);
    const sent = outbox.drafts();
    expect(sent).not.toBe(before);
    expect(sent[1]).toBe(before[1]);
    expect(due(outbox)).toEqual([]);
    expect(outbox.drafts()).toBe(sent);
  });

  it('tells passing refusals from final ones', () => {
    expect(isTemporary({ code: 'session_ended' })).toBe(true);
    expect(isTemporary({ code: 'muted', status: 403, retry_after: 60 })).toBe(false);
    expect(isTemporary({ code: 'of_tomorrow' })).toBe(true);
    expect(isTemporary({ code: 'of_tomorrow', status: 429 })).toBe(true);
    expect(isTemporary({ code: 'of_tomorrow', status: 409 })).toBe(false);
    expect(isTemporary({ code: 'constructor', status: 409 })).toBe(false);
  });
});
