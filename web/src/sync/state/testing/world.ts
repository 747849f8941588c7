// A client and the model, and everything that can go wrong between them: what is told live is delivered, dropped, doubled
// and reordered, answers arrive late, connections are cut in the middle of a replay, the client restarts from what it had
// written, reads it back bit by bit, and lets go of what is far from the screen.

import type { Event } from '@/protocol.gen';
import { Core } from '../core';
import { trim } from '../history';
import { State } from '../state';
import type { Fetch, Window } from '../types';
import { checkSettled, checkTruth } from './check';
import { ME, Model } from './model';
import * as reply from './replies';
import { Shelf } from './shelf';

/** What may happen, and how often. */
export const STEPS = {
  post: 4,
  edit: 2,
  delete: 1,
  react: 4,
  pin: 1,
  rename: 1,
  jump: 1,
  toggle: 1,
  read: 2,
  block: 1,
  restore: 1,
  deliver: 6,
  reorder: 2,
  double: 1,
  drop: 1,
  ask: 3,
  answer: 5,
  newest: 1,
  before: 1,
  after: 1,
  around: 1,
  older: 1,
  newer: 1,
  members: 1,
  messages: 2,
  trim: 2,
  connect: 2,
  cut: 1,
  restart: 1,
  load: 1,
};

/** Something happens; the numbers pick to what. */
export interface Step {
  readonly do: keyof typeof STEPS;
  readonly room: number;
  readonly nth: number;
  readonly limit: number;
  readonly mine: boolean;
  readonly flag: boolean;
}

export class World {
  readonly model = new Model(2);
  core = new Core();
  state = new State(this.core);
  private connected = false;
  /** An event of this connection will never arrive. */
  private lost = false;
  private live: Event[] = [];
  private answers: (() => void)[] = [];
  private readonly shelf = new Shelf();

  step(step: Step): void {
    this.happen(step);
    this.meddle(step);
    this.browse(step);
    this.shelf.write(this.state.takeWrites());
    checkTruth(this.core, this.model);
  }

  /** If nothing was lost on the present connection, what is under way is enough to catch up. */
  drain(): void {
    if (!this.connected || this.lost) return;
    for (const event of this.live.splice(0)) this.state.apply(event, 0);
    for (const answer of this.answers.splice(0)) answer();
    this.catchUp();
  }

  /** Connects once more, and forgets what is under way. */
  settle(): void {
    this.connect(null);
    this.answers = [];
    this.catchUp();
    this.shelf.write(this.state.takeWrites());
    for (const id of this.shelf.ids()) this.shelf.load(this.state, id);
    checkTruth(this.core, this.model);
    checkSettled(this.core, this.state, this.model);
  }

  /** Asks until nothing is wanted. It ends: each answer moves something forward. */
  private catchUp(): void {
    for (let round = 0; round < 1000; round += 1) {
      const [fetch] = this.state.wants();
      if (fetch === undefined) break;
      this.ask(fetch);
      this.answers.shift()?.();
    }
    checkTruth(this.core, this.model);
    checkSettled(this.core, this.state, this.model);
  }

  private happen({ do: what, room, nth, limit, mine, flag }: Step): void {
    const { model } = this;
    const { id } = model.pick(room);
    const wasIn = model.isIn(id);
    // Who is not in a conversation changes nothing in it.
    const by = mine && wasIn ? ME : '2';
    if (what === 'post') this.publish(wasIn, model.post(room, by, limit > 2 ? nth : null, flag));
    else if (what === 'edit') this.publish(false, model.edit(room, nth, flag));
    else if (what === 'delete') this.publish(false, model.delete(room, nth));
    else if (what === 'react') this.publish(wasIn, model.react(room, nth, by, limit < 5 ? '👍' : '🎉'));
    else if (what === 'pin') this.publish(false, model.pin(room, nth));
    else if (what === 'rename') this.publish(false, model.rename(room));
    else if (what === 'jump' && flag && mine) this.publish(false, model.rename(room, 10_500));
    else if (what === 'toggle') this.publish(wasIn, model.toggle(room, mine ? ME : '3'));
    else if (what === 'read') this.publish(false, model.read(room, limit));
    else if (what === 'block') this.publish(false, model.block());
    else if (what === 'restore' && flag) {
      model.restore();
      this.cut();
    }
  }

  private meddle({ do: what, nth, flag }: Step): void {
    const { live } = this;
    const at = live.length === 0 ? 0 : nth % live.length;
    if (what === 'deliver') for (const event of live.splice(0, 1)) this.state.apply(event, 0);
    else if (what === 'reorder') for (const event of live.splice(at, 1)) this.state.apply(event, 0);
    else if (what === 'double') for (const event of live.slice(at, at + 1)) this.state.apply(event, 0);
    else if (what === 'drop') this.lost = live.splice(at, 1).length > 0 || this.lost;
    else if (what === 'ask') {
      const wants = this.state.wants();
      const fetch = wants[nth % Math.max(1, wants.length)];
      if (fetch !== undefined) this.ask(fetch);
    } else if (what === 'answer') {
      for (const answer of this.answers.splice(nth % Math.max(1, this.answers.length), 1)) answer();
    } else if (what === 'connect') this.connect(flag ? nth : null);
    else if (what === 'cut') this.cut();
    else if (what === 'restart') this.restart();
  }

  private browse({ do: what, room, nth, limit, flag }: Step): void {
    const { id, log } = this.model.pick(room);
    const { state } = this;
    const seq = (nth % (log.head + 2)) + (flag ? 0 : 1);
    if (what === 'newest') this.page(id, {}, limit);
    else if (what === 'before') this.page(id, { before: seq }, limit);
    else if (what === 'after') this.page(id, { after: seq }, limit);
    else if (what === 'around') this.page(id, { around: seq }, limit);
    else if (what === 'older') this.page(id, { before: state.timeline(id, flag ? seq : null)?.from ?? seq }, limit);
    else if (what === 'newer') this.page(id, { after: state.timeline(id, seq)?.to ?? seq }, limit);
    else if (what === 'members') {
      this.request(id, (asked) => {
        const members = reply.members(log);
        return () => state.answerMembers(id, members, asked);
      });
    } else if (what === 'messages') {
      this.request(id, (asked) => {
        const picked = reply.messages(log).filter((message) => message.seq % limit === nth % limit);
        return () => state.answerMessages(id, picked, asked);
      });
    } else if (what === 'trim') {
      const pins = state.pins(id);
      trim(this.core, id, seq, flag ? seq + limit : 0, new Set(), limit);
      if (state.pins(id).length !== pins.length) throw new Error('a pinned message is gone');
    } else if (what === 'load') this.shelf.load(state, id);
  }

  private page(id: string, window: Window, limit: number): void {
    this.request(id, (asked) => {
      const page = reply.history(this.model.log(id), window, limit);
      return () => this.state.answerHistory(id, window, limit, page, asked);
    });
  }

  /** Asks for what the screen needs; the answer comes at some time, or never. */
  private request(id: string, ask: (asked: ReturnType<State['asked']>) => () => void): void {
    const isKnown = this.core.loaded(id) !== undefined;
    if (this.connected && isKnown && this.model.isIn(id)) this.answers.push(ask(this.state.asked(id)));
  }

  /** What happened is told to whom it concerns: a membership's change is, whatever the membership is now. */
  private publish(wasIn: boolean, events: readonly Event[]): void {
    if (!this.connected) return;
    const concerns = (event: Event) => !('conversation_id' in event) || this.model.isIn(`${event.conversation_id}`);
    this.live.push(...events.filter((event) => wasIn || concerns(event)));
  }

  private connect(cutAfter: number | null): void {
    this.cut();
    const welcome = reply.welcome(this.model, this.state.hello());
    const count = cutAfter === null ? welcome.length : cutAfter % welcome.length;
    for (const event of welcome.slice(0, count)) this.state.apply(event, 0);
    this.connected = count === welcome.length;
    this.lost = false;
    if (!this.connected) this.state.disconnected();
  }

  private cut(): void {
    this.connected = false;
    this.live = [];
    this.state.disconnected();
  }

  private restart(): void {
    this.cut();
    this.answers = [];
    this.shelf.write(this.state.takeWrites());
    ({ core: this.core, state: this.state } = this.shelf.open());
  }

  private ask(fetch: Fetch): void {
    const { model, state } = this;
    const answer = this.answerTo(fetch);
    const generation = state.generation();
    this.answers.push(() => {
      if (this.state === state && state.generation() === generation && model === this.model) answer();
    });
  }

  private answerTo(fetch: Fetch): () => void {
    const { model, state } = this;
    if (fetch.what === 'account') {
      const account = reply.account(model);
      return () => state.answerAccount(account);
    }
    if (fetch.what === 'ownChanges') {
      const changes = reply.ownChanges(model, fetch.after);
      return () => state.answerOwnChanges(fetch.after, changes);
    }
    if (fetch.what === 'conversations') {
      const views = [...model.logs.keys()].flatMap((id) => reply.view(model, id) ?? []);
      return () => state.answerConversations(views);
    }
    const standing = state.standing(fetch.id);
    if (fetch.what === 'conversation') {
      const view = reply.view(model, fetch.id);
      return () => (view === null ? state.answerNotFound(fetch.id, standing) : state.answerConversation(view));
    }
    const changes = reply.changes(model, fetch.id, fetch.after);
    if (changes === null) return () => state.answerNotFound(fetch.id, standing);
    return () => state.answerChanges(fetch.id, fetch.after, changes);
  }
}
