// What the tabs of one account tell each other. The leader is the tab that holds the connection; the others follow it.

import type { Ack, Command, Event, Problem } from '@/protocol.gen';
import type { Connection } from '../contract';
import type { Env } from '../env';
import type { Draft } from '../state';
import type { FileWord } from '../uploads/types';

/** A message that is acknowledged, and is shown as pending until the timeline has it. */
export interface Handed {
  readonly draft: Draft;
  readonly seq: number;
}

export interface Queued {
  readonly drafts: readonly Draft[];
  readonly handed: readonly Handed[];
}

/** What the user wants of a message that was not sent. */
export interface Wish {
  readonly is: 'retry' | 'discard';
  readonly clientId: string;
}

export type Word =
  // From a tab that follows.
  | { readonly is: 'who' }
  | { readonly is: 'ping' }
  | { readonly is: 'push'; readonly draft: Draft }
  | Wish
  | { readonly is: 'command'; readonly id: number; readonly command: Command }
  | { readonly is: 'watch'; readonly users: readonly string[] }
  | { readonly is: 'bye' }
  // From the leader.
  | { readonly is: 'lead'; readonly ready: Event | null; readonly connection: Connection; readonly queued: Queued }
  | { readonly is: 'event'; readonly event: Event }
  | { readonly is: 'connection'; readonly connection: Connection }
  | { readonly is: 'queued'; readonly queued: Queued }
  | { readonly is: 'answer'; readonly to: string; readonly id: number; readonly ack?: Ack; readonly problem?: Told }
  | { readonly is: 'pong'; readonly to: string }
  // From any tab.
  | { readonly is: 'read'; readonly conversation: string; readonly seq: number }
  | { readonly is: 'text'; readonly key: string; readonly text: string }
  | FileWord;

/** A refusal, as it travels. */
export type Told = Partial<Omit<Problem, 'code'>> & { readonly code: string };

interface Parcel {
  readonly from: string;
  readonly word: Word;
}

export class Bus {
  private channel: BroadcastChannel | null;
  private heard: ((word: Word, from: string) => void) | null = null;

  constructor(
    env: Env,
    userId: string,
    readonly tab: string,
  ) {
    this.channel = env.channel(`laserchat-${userId}`);
    this.channel?.addEventListener('message', ({ data }: MessageEvent<Parcel>) => {
      if ('to' in data.word && data.word.to !== this.tab) return;
      this.heard?.(data.word, data.from);
    });
  }

  listen(heard: (word: Word, from: string) => void): void {
    this.heard = heard;
  }

  say(word: Word): void {
    this.channel?.postMessage({ from: this.tab, word } satisfies Parcel);
  }

  close(): void {
    this.heard = null;
    this.channel?.close();
    this.channel = null;
  }
}
