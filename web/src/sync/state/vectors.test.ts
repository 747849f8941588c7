// The state in Rust wrote down random histories with what it wanted and showed after each step. The state in TypeScript
// has to want and show the same.

import { describe, expect, it } from 'vitest';
import type { Account, Changes, ConversationView, Event, Member, Message, OwnChanges } from '@/protocol.gen';
import { Core } from './core';
import { isSame } from './message';
import { State } from './state';
import { dump, plain, spell } from './testing/dump';
import { Shelf } from './testing/shelf';
import type { Asked, Resume, Standing } from './types';

type Answer =
  | { kind: 'account'; answer: Account }
  | { kind: 'own_changes'; after: number; answer: OwnChanges }
  | { kind: 'conversations'; answer: ConversationView[] }
  | { kind: 'conversation'; id: string; answer: ConversationView }
  | { kind: 'changes'; id: string; after: number; answer: Changes }
  | { kind: 'history'; id: string; asked: number; before: number | null; limit: number; answer: Message[] }
  | { kind: 'messages'; id: string; asked: number; answer: Message[] }
  | { kind: 'members'; id: string; asked: number; answer: Member[] }
  | { kind: 'not_found'; id: string; asked: number };

type Step = (
  | { do: 'hello'; expect: unknown }
  | { do: 'disconnected' }
  | { do: 'restart' }
  | { do: 'apply'; event: Event; now: number }
  | { do: 'ask'; n: number; id: string }
  | ({ do: 'answer' } & Answer)
) & { wants: unknown[]; state?: unknown };

/** What a step had to say, and what was said. */
interface Difference {
  readonly step: string;
  readonly expected: unknown;
  readonly got: unknown;
}

class Player {
  private core = new Core();
  private state = new State(this.core);
  private readonly shelf = new Shelf();
  private readonly asked = new Map<number, { standing: Standing; when: Asked }>();
  private now = 0;

  play(step: Step): Omit<Difference, 'step'> | null {
    const resume = this.give(step);
    const { core, now, state } = this;
    const got = { resume, wants: state.wants().map(spell), state: step.state && plain(dump(core, state, now)) };
    const expected = {
      resume: step.do === 'hello' ? step.expect : null,
      wants: step.wants,
      state: step.state && plain(step.state),
    };
    this.shelf.write(state.takeWrites());
    return isSame(got, expected) ? null : { expected, got };
  }

  private give(step: Step): Resume | null {
    const { state } = this;
    if (step.do === 'hello') return state.hello();
    if (step.do === 'disconnected') state.disconnected();
    else if (step.do === 'restart') this.restart();
    else if (step.do === 'ask')
      this.asked.set(step.n, { standing: state.standing(step.id), when: state.asked(step.id) });
    else if (step.do === 'answer') this.answer(step);
    else {
      this.now = step.now;
      state.apply(step.event, step.now);
    }
    return null;
  }

  private restart(): void {
    const opened = this.shelf.open();
    this.core = opened.core;
    this.state = opened.state;
    for (const id of this.shelf.ids()) this.shelf.load(this.state, id);
  }

  private answer(given: Answer): void {
    const { state } = this;
    if (given.kind === 'account') state.answerAccount(given.answer);
    else if (given.kind === 'own_changes') state.answerOwnChanges(given.after, given.answer);
    else if (given.kind === 'conversations') state.answerConversations(given.answer);
    else if (given.kind === 'conversation') state.answerConversation(given.answer);
    else if (given.kind === 'changes') state.answerChanges(given.id, given.after, given.answer);
    else this.answerAsked(given, this.asked.get(given.asked));
  }

  private answerAsked(given: Extract<Answer, { asked: number }>, asked?: { standing: Standing; when: Asked }): void {
    const { state } = this;
    if (asked === undefined) throw new Error(`question ${given.asked} was not asked`);
    if (given.kind === 'members') state.answerMembers(given.id, given.answer, asked.when);
    else if (given.kind === 'messages') state.answerMessages(given.id, given.answer, asked.when);
    else if (given.kind === 'not_found') state.answerNotFound(given.id, asked.standing);
    else {
      const window = given.before === null ? {} : { before: given.before };
      state.answerHistory(given.id, window, given.limit, given.answer, asked.when);
    }
  }
}

const files = import.meta.glob<{ default: Step[][] }>('./vectors/*.json');

describe('the shared vectors', () => {
  it('are there', () => {
    expect(Object.keys(files)).not.toHaveLength(0);
  });

  it.each(Object.entries(files))('%s', async (_, read) => {
    const { default: histories } = await read();
    expect(histories.flatMap(firstDifference)).toEqual([]);
  });
});

function firstDifference(steps: readonly Step[], history: number): Difference[] {
  const player = new Player();
  for (const [at, step] of steps.entries()) {
    const difference = player.play(step);
    if (difference !== null) return [{ step: `${history}.${at} ${step.do}`, ...difference }];
  }
  return [];
}
