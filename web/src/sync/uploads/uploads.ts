// The part of uploads that the first page has: what waits is known here, and everything that is done with it is loaded
// when there is something to do. The tab that leads does the work for all tabs.

import type { Queue } from '../driver/queue';
import type { Store } from '../store';
import type { Desk } from './desk';
import type { FileWord, Upload } from './types';

export interface Surroundings {
  readonly store: Store;
  readonly queue: Queue;
  readonly leads: () => boolean;
  readonly say: (word: FileWord) => void;
  /** Something that was waiting for its files may leave. */
  readonly ready: () => void;
}

const NONE: readonly Upload[] = [];

export class Uploads {
  all: readonly Upload[] = NONE;
  private desk: Promise<Desk> | null = null;
  private readonly mark: string;

  constructor(private readonly around: Surroundings) {
    this.mark = `laserchat-files-${around.store.userId}`;
  }

  at(place: string): readonly Upload[] {
    const here = this.all.filter((upload) => upload.place === place);
    return here.length === 0 ? NONE : here.toSorted((one, other) => one.at - other.at);
  }

  /** They go with a message now. */
  move(uploads: readonly Upload[], place: string): void {
    if (uploads.length > 0)
      this.use((desk) =>
        desk.move(
          uploads.map(({ id }) => id),
          place,
        ),
      );
  }

  open(): Promise<Desk> {
    this.desk ??= import('./desk').then(
      async ({ Desk }) => await Desk.open(this.around, this),
      (problem: unknown) => {
        // Whoever needs it next tries again.
        this.desk = null;
        throw problem;
      },
    );
    return this.desk;
  }

  show(uploads: readonly Upload[]): void {
    this.all = uploads;
    this.around.store.changed('uploads');
  }

  /** A note that there is something in the database of files, so that nobody needs to look when there is not. */
  note(some: boolean): void {
    const { notes } = this.around.store.env;
    try {
      if (some) notes?.setItem(this.mark, '1');
      else notes?.removeItem(this.mark);
    } catch {
      // Then what waits is found when the next file is chosen.
    }
  }

  hear(word: FileWord): void {
    if (word.is === 'uploads' && this.desk === null) this.show(word.uploads);
    else this.use((desk) => desk.hear(word));
  }

  /** This tab leads, or does not any more. */
  led(): void {
    if (this.desk !== null || this.isLeft()) this.use((desk) => desk.led());
  }

  /** A message has come into the outbox, or gone from it. */
  queued(): void {
    if (this.desk !== null || this.around.queue.waitsForFiles()) this.use((desk) => desk.settle());
  }

  async forget(): Promise<void> {
    this.note(false);
    await this.desk?.then((desk) => desk.forget()).catch(() => undefined);
  }

  stop(): void {
    this.use((desk) => desk.stop(), this.desk);
  }

  private isLeft(): boolean {
    return this.around.store.env.notes?.getItem(this.mark) === '1' || this.around.queue.waitsForFiles();
  }

  private use(act: (desk: Desk) => void | Promise<void>, desk: Promise<Desk> | null = this.open()): void {
    // Without a connection its code may be out of reach; it is asked for again with the next word.
    desk?.then(act).catch(() => undefined);
  }
}
