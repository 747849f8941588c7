// What stands in the timeline, for any messages: each once, in order, under the right day.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayKey } from '@/lib/time';
import type { Message } from '@/protocol.gen';
import { message } from './fixtures';
import { placeOf, rowsOf, timeOf, type Shown } from './rows';

const me = '10';
const shown = (change: Partial<Shown>): Shown => ({
  messages: [],
  pending: [],
  me,
  atStart: true,
  atEnd: true,
  newAfter: null,
  ...change,
});
const waiting = (clientId: string) => ({
  clientId,
  conversationId: '1',
  parentId: null,
  body: 'soon',
  queuedAt: Date.UTC(2030, 0, 15, 13),
  files: 0,
  status: 'queued' as const,
});
const messageRows = (change: Partial<Shown>) => rowsOf(shown(change)).filter((row) => row.kind === 'message');

const at = (minutes: number) => new Date(Date.UTC(2030, 0, 15, 12, minutes)).toISOString();

describe('rows', () => {
  it('groups messages of one sender within five minutes', () => {
    const rows = messageRows({
      messages: [
        message(1, { created_at: at(0) }),
        message(2, { created_at: at(4) }),
        message(3, { created_at: at(10) }),
        message(4, { created_at: at(11), sender_id: '21' }),
        message(5, { created_at: at(12), sender_id: '21', type: 'system' }),
        message(6, { created_at: at(13), sender_id: '21' }),
      ],
    });
    expect(rows.map((row) => row.grouped)).toEqual([false, true, false, false, false, false]);
  });

  it('leaves replies to their thread', () => {
    const rows = messageRows({ messages: [message(1), message(2, { parent_id: '1001' }), message(3)] });
    expect(rows.map((row) => row.message.seq)).toEqual([1, 3]);
  });

  it('puts the new line before the first message of somebody else', () => {
    const rows = messageRows({
      newAfter: 1,
      messages: [message(1), message(2, { sender_id: me }), message(3, { deleted_at: 'then' }), message(4), message(5)],
    });
    expect(rows.filter((row) => row.fresh).map((row) => row.message.seq)).toEqual([4]);
    expect(rows.find((row) => row.fresh)?.grouped).toBe(false);
  });

  it('shows what waits to be sent only after the newest message', () => {
    const pending = [waiting('a'), waiting('b')];
    expect(rowsOf(shown({ pending })).map((row) => row.key)).toEqual(['start', 'a', 'b', 'end']);
    expect(rowsOf(shown({ pending, atEnd: false })).map((row) => row.key)).toEqual(['start', 'end']);
  });

  it('finds the row of a seq, or the next one', () => {
    const rows = rowsOf(shown({ messages: [message(3), message(8)] }));
    expect(placeOf(rows, 3)).toBe(1);
    expect(placeOf(rows, 5)).toBe(2);
    expect(placeOf(rows, 9)).toBe(3);
  });

  const histories = fc
    .array(fc.record({ sender: fc.constantFrom(me, '20', '21'), wait: fc.integer({ min: 0, max: 90_000_000 }) }), {
      maxLength: 40,
    })
    .map((steps) => {
      let time = Date.UTC(2030, 0, 1);
      return steps.map(({ sender, wait }, index): Message => {
        time += wait;
        return message(index + 1, { sender_id: sender, created_at: new Date(time).toISOString() });
      });
    });

  it('begins a day exactly where the day changes, and never groups across it', () => {
    fc.assert(
      fc.property(histories, (messages) => {
        const rows = messageRows({ messages });
        rows.forEach((row, index) => {
          const before = rows[index - 1];
          const changes = !before || dayKey(timeOf(before.message)) !== dayKey(timeOf(row.message));
          expect(row.day !== null).toBe(changes);
          const joinable = !changes && before?.message.sender_id === row.message.sender_id;
          expect(!row.grouped || joinable).toBe(true);
        });
      }),
    );
  });

  it('shows at most one new line, and an older page changes nothing but the first row that was there', () => {
    fc.assert(
      fc.property(histories, fc.nat(40), fc.nat(40), (messages, cut, newAfter) => {
        const whole = messageRows({ messages, newAfter });
        expect(whole.filter((row) => row.fresh).length).toBeLessThanOrEqual(1);
        const part = messageRows({ messages: messages.slice(cut) });
        const same = messageRows({ messages }).slice(cut);
        expect(part.slice(1)).toEqual(same.slice(1));
      }),
    );
  });
});
