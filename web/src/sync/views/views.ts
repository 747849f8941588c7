// What screens look through at one account: each view fetches what it needs when it is looked at.

import type { Ack, Command } from '@/protocol.gen';
import type { Store } from '../store';
import type { Word } from '../tabs/bus';
import { Drafts } from './drafts';
import { Members } from './members';
import { Patches } from './patches';
import { Pins } from './pins';
import { Presences } from './presence';
import { Rooms } from './rooms';
import { Threads } from './threads';
import { Timelines } from './timelines';
import { Typing } from './typing';
import { Users } from './users';

export interface Ways {
  readonly command: (command: Command) => Promise<Ack>;
  /** Those whose presence is watched have changed. */
  readonly watch: () => void;
  /** Tells the other tabs. */
  readonly say: (word: Word) => void;
}

export class Views {
  readonly drafts: Drafts;
  readonly members: Members;
  readonly patches: Patches;
  readonly pins: Pins;
  readonly presence: Presences;
  readonly rooms: Rooms;
  readonly threads: Threads;
  readonly timelines: Timelines;
  readonly typing: Typing;
  readonly users: Users;

  constructor(store: Store, ways: Ways) {
    this.drafts = new Drafts(store, ways.say);
    this.members = new Members(store);
    this.patches = new Patches(store);
    this.rooms = new Rooms(store);
    this.pins = new Pins(store, this.rooms);
    this.presence = new Presences(store, ways.watch);
    this.threads = new Threads(store, this.rooms);
    this.timelines = new Timelines(store, this.threads);
    this.typing = new Typing(store, ways.command);
    this.users = new Users(store);
  }

  stop(): void {
    this.drafts.stop();
    this.presence.stop();
    this.typing.stop();
    this.users.stop();
  }
}
