// A window on a conversation's history, for one component: messages without a hole. From memory or the disk first, then
// from the server, a page at a time. What scrolls far away leaves the window, so that it never grows beyond a few hundred.

import type { Message, Page } from '@/protocol.gen';
import type { Connection, Refusal, TimelineView } from '../contract';
import { asRefusal, isTemporary } from '../refusal';
import type { Window } from '../state';
import type { Store } from '../store';
import type { Views } from './views';

const PAGE = 50;

/** The most messages in a window, without the replies among them: those stand in threads and fill no screen. */
const LONGEST = 250;

const NONE: readonly Message[] = [];

interface Shown {
  readonly messages: readonly Message[];
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

export class TimelineWindow {
  /** A seq inside of the stretch that is shown; null for the newest. */
  private anchor: number | null;
  private from = 0;
  private to = Infinity;
  private loading: TimelineView['loading'] = 'initial';
  private problem: Refusal | null = null;
  private listeners = new Set<() => void>();
  private stop: (() => void) | null = null;
  private view: TimelineView | null = null;
  private shown: Shown = { messages: NONE, atStart: false, atEnd: false };
  private opened = false;
  private turn = 0;
  private life = '';
  /** The connection at the last attempt to load something. */
  private tried: Connection | null = null;

  constructor(
    private readonly store: Store,
    private readonly views: Views,
    private readonly id: string,
    private readonly at: number | null,
  ) {
    this.anchor = at;
    this.settle();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.listeners.size === 1) {
      const keys = [`timeline:${this.id}`, `room:${this.id}`, 'connection', '*'];
      this.stop = this.store.hub.listen(keys, () => this.changed());
      this.views.timelines.add(this);
      if (!this.opened) void this.open();
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.stop?.();
      this.views.timelines.delete(this);
    };
  };

  readonly snapshot = (): TimelineView => {
    this.look();
    this.view ??= {
      ...this.shown,
      loading: this.loading,
      problem: this.problem,
      loadOlder: this.loadOlder,
      loadNewer: this.loadNewer,
      jumpTo: this.jumpTo,
      jumpToNewest: this.jumpToNewest,
    };
    return this.view;
  };

  conversation(): string {
    return this.id;
  }

  /** The seqs that are on the screen. */
  range(): readonly [from: number, to: number] {
    const { messages } = this.shown;
    return [messages[0]?.seq ?? 0, this.to === Infinity ? Infinity : (messages.at(-1)?.seq ?? Infinity)];
  }

  readonly loadOlder = (): void => {
    if (this.loading === null && !this.shown.atStart) void this.run('older', () => this.older());
  };

  readonly loadNewer = (): void => {
    if (this.loading === null && !this.shown.atEnd) void this.run('newer', () => this.newer());
  };

  readonly jumpTo = async (seq: number): Promise<void> => {
    await this.run('initial', () => this.show(seq));
    if (this.problem !== null) throw this.problem;
  };

  readonly jumpToNewest = async (): Promise<void> => {
    await this.run('initial', () => this.show(null));
    if (this.problem !== null) throw this.problem;
  };

  private async open(): Promise<void> {
    this.opened = true;
    await this.run('initial', async () => {
      await this.views.rooms.load(this.id);
      this.settle();
      this.changed();
      await this.views.rooms.known(this.id);
      await this.views.rooms.load(this.id);
      await this.show(this.at);
    });
  }

  /** Moves the window to where the seq is, asking the server if it is not held. */
  private async show(seq: number | null): Promise<void> {
    this.life = this.lifeOf();
    const held = this.store.state.timeline(this.id, seq);
    const enough =
      held !== null &&
      (held.messages.length >= PAGE / 2 || held.from <= 1 || (seq !== null && held.messages.length > 0));
    const page = enough ? [] : await this.fetch(seq === null ? {} : { around: seq });
    // A seq need not be a message's; then those nearest to it are shown.
    const isHeld = seq === null || this.store.state.timeline(this.id, seq) !== null;
    this.anchor = isHeld ? seq : ((page.findLast((message) => message.seq <= seq) ?? page[0])?.seq ?? seq);
    this.life = this.lifeOf();
    this.settle();
  }

  /** Everything of the conversation was dropped and loaded afresh since the window was filled. */
  private isStale(): boolean {
    return (
      this.loading === null &&
      this.life !== '' &&
      this.life !== this.lifeOf() &&
      this.store.state.room(this.id) !== null
    );
  }

  /** It could not be loaded without a connection, and there is one again. */
  private isWorthTrying(): boolean {
    const { problem, loading, store } = this;
    return (
      loading === null &&
      problem !== null &&
      isTemporary(problem) &&
      store.connection.phase === 'live' &&
      this.tried !== store.connection
    );
  }

  private lifeOf(): string {
    const { generation, life } = this.store.state.asked(this.id);
    return `${generation} ${life}`;
  }

  /** Where the window ends, around the anchor in what is held. */
  private settle(): void {
    const held = this.store.state.timeline(this.id, this.anchor);
    this.from = 0;
    this.to = Infinity;
    if (held === null) return;
    const { messages } = held;
    if (stride(messages, messages.length - 1, -LONGEST) < 0) return;
    if (this.anchor === null) {
      this.from = messages[stride(messages, messages.length, -PAGE * 2)]?.seq ?? 0;
      return;
    }
    const { anchor } = this;
    const found = messages.findIndex(({ seq }) => seq >= anchor);
    const at = found < 0 ? messages.length - 1 : found;
    this.from = messages[stride(messages, at, -PAGE)]?.seq ?? 0;
    this.to = messages[stride(messages, at, PAGE)]?.seq ?? Infinity;
  }

  private async older(): Promise<void> {
    let held = this.store.state.timeline(this.id, this.anchor);
    if (held === null) return;
    const first = this.shown.messages[0]?.seq ?? held.to + 1;
    if (!held.messages.some(({ seq }) => seq < first) && held.from > 1) {
      await this.fetch({ before: held.from });
      held = this.store.state.timeline(this.id, this.anchor) ?? held;
    }
    const { messages } = held;
    const at = messages.findIndex(({ seq }) => seq >= first);
    const begin = Math.max(0, (at < 0 ? messages.length : at) - PAGE);
    this.from = begin === 0 ? 0 : (messages[begin]?.seq ?? 0);
    const beyond = messages[stride(messages, begin, LONGEST)];
    if (beyond !== undefined && beyond.seq <= this.to) {
      this.to = beyond.seq - 1;
      this.anchor = messages[begin]?.seq ?? this.anchor;
    }
    this.views.timelines.trim(this.id);
  }

  private async newer(): Promise<void> {
    let held = this.store.state.timeline(this.id, this.anchor);
    if (held === null) return;
    const last = this.shown.messages.at(-1)?.seq ?? 0;
    if (!held.messages.some(({ seq }) => seq > last) && !held.newest) {
      await this.fetch({ after: held.to });
      held = this.store.state.timeline(this.id, this.anchor) ?? held;
    }
    const { messages } = held;
    const at = messages.findLastIndex(({ seq }) => seq <= last);
    const end = at + PAGE;
    const isEnd = end >= messages.length - 1;
    this.to = isEnd ? Infinity : (messages[end]?.seq ?? Infinity);
    const begin = stride(messages, Math.min(end, messages.length - 1), -LONGEST);
    if (begin > 0) this.from = Math.max(this.from, messages[begin]?.seq ?? 0);
    this.anchor = isEnd && held.newest ? null : (messages[Math.max(0, at)]?.seq ?? this.anchor);
    this.views.timelines.trim(this.id);
  }

  private async fetch(window: Window): Promise<readonly Message[]> {
    const { rest, state } = this.store;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const asked = state.asked(this.id);
      const page = await rest.get<Page<Message>>(`/conversations/${this.id}/messages`, { ...window, limit: PAGE });
      const taken = state.answerHistory(this.id, window, PAGE, page.items, asked);
      this.store.changed();
      if (taken) return page.items;
      await this.views.rooms.load(this.id);
    }
    return NONE;
  }

  private async run(loading: NonNullable<TimelineView['loading']>, work: () => Promise<void>): Promise<void> {
    this.turn += 1;
    this.tried = this.store.connection;
    const turn = this.turn;
    this.loading = loading;
    this.problem = null;
    this.changed();
    try {
      await work();
    } catch (thrown) {
      if (turn === this.turn) this.problem = asRefusal(thrown);
    }
    if (turn === this.turn) this.loading = null;
    this.changed();
  }

  /** Computes what is shown anew; what stays equal stays the same. */
  private look(): void {
    const { state } = this.store;
    const held = state.timeline(this.id, this.anchor);
    if (held === null) {
      if (this.shown.messages !== NONE) this.set({ messages: NONE, atStart: false, atEnd: false });
      return;
    }
    const { from, to } = this;
    const whole = from <= (held.messages[0]?.seq ?? 0) && to === Infinity;
    const inside = whole ? held.messages : held.messages.filter(({ seq }) => seq >= from && seq <= to);
    const messages = this.views.patches.all(inside);
    const first = inside[0];
    const atStart = held.from <= 1 && (first === undefined || first === held.messages[0]);
    const atEnd = held.newest && to === Infinity;
    const { shown } = this;
    const same = shown.messages.length === messages.length && messages.every((each, at) => each === shown.messages[at]);
    if (same && shown.atStart === atStart && shown.atEnd === atEnd) return;
    this.set({ messages: same ? shown.messages : messages, atStart, atEnd });
  }

  private set(shown: Shown): void {
    this.shown = shown;
    this.view = null;
  }

  private changed(): void {
    if (this.isStale() || this.isWorthTrying()) void this.run('initial', () => this.show(this.anchor));
    const before = this.view;
    if (before !== null && (before.loading !== this.loading || before.problem !== this.problem)) this.view = null;
    this.look();
    if (this.view === null || this.view !== before) this.listeners.forEach((listener) => listener());
  }
}

/** Where one is after so many messages from a place, replies not counted; outside of the list if there are not as many. */
function stride(messages: readonly Message[], from: number, count: number): number {
  const way = Math.sign(count);
  let at = from;
  for (let left = Math.abs(count); left > 0 && at + way >= -1 && at + way <= messages.length;) {
    at += way;
    const message = messages[at];
    if (message === undefined) return at;
    if (!message.parent_id) left -= 1;
  }
  return at;
}
