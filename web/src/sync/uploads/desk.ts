// All uploads of an account, as one tab knows them. In the tab that leads they are carried out; the others show what the
// leader tells, with what was wanted here and is not confirmed yet on top of it, so that nothing jumps back for a moment.
//
// A file is written to the database before it is told to the leader. So a page may be reloaded, or the leader may crash,
// and the next one goes on where the last one was; the server remembers how much has arrived.

import type { StoredFile } from '@/lib/file';
import type { Surroundings, Uploads } from './uploads';
import { Runner } from './runner';
import { Shelf } from './shelf';
import type { Carrier } from './transfer';
import { carrier } from './transfer';
import type { FileDesk, FileWord, Order, Picked, Purpose, Upload, Wanted } from './types';

/** How often other tabs and the screen hear of progress. */
const SOON = 200;

const isMessage = (place: string) => place.includes('-');

export class Desk implements FileDesk {
  private uploads = new Map<string, Upload>();
  private readonly blobs = new Map<string, Blob>();
  private readonly urls = new Map<string, string>();
  /** Chosen in this tab: told to the next leader again. */
  private readonly mine = new Set<string>();
  private readonly wanted = new Map<string, Wanted>();
  /** The files of messages that were in the outbox, so that they go when their message has gone. */
  private known = new Map<string, readonly string[]>();
  /** Uploads whose failure was told to the message that waits for them. */
  private readonly told = new Set<string>();
  private runner: Runner | null = null;
  private telling: ReturnType<typeof setTimeout> | null = null;

  private constructor(
    private readonly around: Surroundings,
    private readonly front: Uploads,
    private readonly shelf: Shelf,
    private readonly carrier: Carrier,
  ) {}

  static async open(around: Surroundings, front: Uploads, by = carrier(around.store.rest)): Promise<Desk> {
    const { store } = around;
    const desk = new Desk(around, front, await Shelf.open(store.userId, store.env.stored), by);
    for (const upload of front.all) desk.uploads.set(upload.id, upload);
    await desk.led();
    return desk;
  }

  /** This tab leads, or does not any more. */
  async led(): Promise<void> {
    this.runner?.stop();
    this.runner = null;
    if (!this.around.leads()) return;
    const held = [...this.uploads.values()];
    const shelved = await this.shelf.all();
    if (!this.around.leads() || this.runner !== null) return;
    for (const { upload, url } of shelved) {
      if (url !== null) this.urls.set(upload.id, url);
      if (!this.uploads.has(upload.id)) held.push(upload);
    }
    this.uploads = new Map(held.map((upload) => [upload.id, restarted(upload)]));
    for (const [id, wanted] of this.wanted) this.want(id, wanted);
    this.wanted.clear();
    this.tidy();
    this.runner = this.newRunner();
    this.settle();
    this.runner.pump();
  }

  hear(word: FileWord): void {
    if (word.is === 'uploads') this.follow(word.uploads);
    else if (this.runner === null) return;
    else if (word.is === 'upload') this.take(word.upload, word.blob);
    else if (word.is === 'upload-wanted') this.want(word.id, word.wanted);
    else this.obey(word.id, word.order);
  }

  async attach(place: string, files: readonly Picked[]): Promise<readonly Upload[]> {
    const first = Math.max(0, ...this.front.at(place).map(({ at }) => at + 1));
    const made = files.map(({ blob, ...rest }, index): [Upload, Blob] => [
      {
        ...rest,
        id: crypto.randomUUID(),
        place,
        at: first + index,
        mime: blob.type,
        size: blob.size,
        sent: 0,
        status: 'waiting',
        file: null,
      },
      blob,
    ]);
    for (const [upload, blob] of made) {
      this.mine.add(upload.id);
      this.blobs.set(upload.id, blob);
      this.uploads.set(upload.id, upload);
    }
    this.changed();
    this.front.note(true);
    for (const [upload, blob] of made) {
      const kept = await this.shelf.put({ upload, blob, url: null });
      const now = this.uploads.get(upload.id);
      if (now === undefined) await this.shelf.drop(upload.id);
      else if (this.runner !== null) this.take(now, blob);
      else this.around.say({ is: 'upload', upload: now, blob: kept ? null : blob });
    }
    return made.flatMap(([{ id }]) => this.uploads.get(id) ?? []);
  }

  detach(id: string): void {
    this.wish(id, null);
  }

  arrange(ids: readonly string[]): void {
    ids.forEach((id, at) => this.wish(id, { at }));
  }

  /** They go with a message now. */
  move(ids: readonly string[], place: string): void {
    for (const id of ids) this.wish(id, { place });
  }

  pause(id: string): void {
    this.order(id, 'pause');
  }

  resume(id: string): void {
    this.order(id, 'resume');
  }

  async content(id: string): Promise<Blob | null> {
    return this.blobs.get(id) ?? (await this.shelf.get(id))?.blob ?? null;
  }

  async send(blob: Blob, name: string, purpose: Purpose, progress?: (sent: number) => void): Promise<StoredFile> {
    const { signal } = new AbortController();
    const id = await this.carrier.send({
      blob,
      name,
      purpose,
      voice: false,
      url: null,
      signal,
      begun: () => undefined,
      progress: (sent) => progress?.(sent),
    });
    return await this.carrier.check(id, signal);
  }

  /** Tells messages that wait what has become of their files, and lets go of the files of those that are gone. */
  settle(): void {
    if (this.runner === null) return;
    const { queue, ready } = this.around;
    const known = new Map<string, readonly string[]>();
    let changed = false;
    for (const { clientId, files = [], status } of queue.outbox.drafts()) {
      if (files.length > 0)
        known.set(
          clientId,
          Array.from(files, ({ upload }) => upload),
        );
      for (const { upload: id, fileId } of files) {
        const upload = this.uploads.get(id);
        if (fileId !== null || upload === undefined) continue;
        if (upload.file !== null) changed = queue.fileReady(id, upload.file.id) || changed;
        else if (upload.status === 'failed' && status.is !== 'failed') this.tellFailure(upload);
      }
    }
    const gone = [...this.known].filter(([clientId]) => !known.has(clientId));
    this.known = known;
    for (const id of gone.flatMap(([, ids]) => ids)) this.want(id, null);
    if (changed) ready();
  }

  async forget(): Promise<void> {
    this.stop();
    await this.shelf.clear();
    this.shelf.close();
  }

  stop(): void {
    this.runner?.stop();
    this.runner = null;
    if (this.telling !== null) clearTimeout(this.telling);
  }

  private newRunner(): Runner {
    return new Runner(this.around.store, this.carrier, {
      waiting: () => [...this.uploads.values()].filter(({ status }) => status === 'waiting'),
      blob: (id) => this.content(id),
      url: (id) => this.urls.get(id) ?? null,
      begun: (id, url) => {
        this.urls.set(id, url);
        void this.shelf.change(id, (shelved) => ({ ...shelved, url }));
      },
      change: (id, change) => this.set(id, change),
      progress: (id, sent) => this.progress(id, sent),
    });
  }

  /** A failure that was told already, and is waited for again: somebody wants another attempt. */
  private tellFailure(upload: Upload): void {
    if (this.told.delete(upload.id)) {
      this.obey(upload.id, 'resume');
    } else {
      this.told.add(upload.id);
      this.around.queue.fileFailed(upload.id, upload.problem ?? { code: 'internal' });
    }
  }

  private take(upload: Upload, blob: Blob | null): void {
    if (blob !== null) this.blobs.set(upload.id, blob);
    const held = this.uploads.get(upload.id) ?? upload;
    this.uploads.set(upload.id, held);
    // It may have been moved while its bytes were written.
    void this.shelf.change(upload.id, (shelved) => ({ ...shelved, upload: held }));
    this.changed();
    this.settle();
    this.runner?.pump();
  }

  private follow(told: readonly Upload[]): void {
    if (this.runner !== null) return;
    const uploads = new Map(told.map((upload) => [upload.id, upload]));
    for (const id of this.mine) {
      const own = this.uploads.get(id);
      if (uploads.has(id) || own === undefined) continue;
      if (own.file !== null) {
        this.mine.delete(id);
        continue;
      }
      // A leader that does not know of it yet.
      uploads.set(id, own);
      this.around.say({ is: 'upload', upload: own, blob: this.blobs.get(id) ?? null });
    }
    for (const [id, wanted] of this.wanted) {
      const upload = uploads.get(id);
      const done = wanted === null || upload === undefined ? upload === undefined : isSo(upload, wanted);
      if (done) this.wanted.delete(id);
      else this.around.say({ is: 'upload-wanted', id, wanted });
      if (upload === undefined) continue;
      if (wanted === null) uploads.delete(id);
      else uploads.set(id, { ...upload, ...wanted });
    }
    this.uploads = uploads;
    this.changed();
  }

  private wish(id: string, wanted: Wanted): void {
    if (this.runner !== null) {
      this.want(id, wanted);
      return;
    }
    const before = this.wanted.get(id);
    this.wanted.set(id, wanted === null ? null : { ...before, ...wanted });
    const upload = this.uploads.get(id);
    if (wanted === null) {
      this.uploads.delete(id);
      this.mine.delete(id);
    } else if (upload !== undefined) {
      this.uploads.set(id, { ...upload, ...wanted });
    }
    this.around.say({ is: 'upload-wanted', id, wanted });
    this.changed();
  }

  private want(id: string, wanted: Wanted): void {
    if (wanted === null) this.remove(id);
    else this.set(id, wanted);
  }

  private order(id: string, order: Order): void {
    if (this.runner === null) this.around.say({ is: 'upload-order', id, order });
    else this.obey(id, order);
  }

  private obey(id: string, order: Order): void {
    const status = this.uploads.get(id)?.status;
    if (order === 'pause' && (status === 'waiting' || status === 'sending')) {
      this.runner?.halt(id);
      this.set(id, { status: 'paused' });
    } else if (order === 'resume' && (status === 'paused' || status === 'failed')) {
      this.set(id, { status: 'waiting' });
    }
    this.runner?.pump();
  }

  private remove(id: string): void {
    const upload = this.uploads.get(id);
    this.runner?.halt(id);
    this.uploads.delete(id);
    this.mine.delete(id);
    this.blobs.delete(id);
    void this.shelf.drop(id);
    const url = this.urls.get(id);
    this.urls.delete(id);
    // What has become a file belongs to messages, or is collected by the server; the rest of an upload is taken back.
    if (url !== undefined && upload?.file === null) this.carrier.drop(url).catch(() => undefined);
    if (this.uploads.size === 0) this.front.note(false);
    this.changed();
    this.runner?.pump();
  }

  private set(id: string, change: Partial<Upload>): void {
    const upload = this.uploads.get(id);
    if (upload === undefined) return;
    const { problem: _, ...rest } = upload;
    const next: Upload = { ...(change.status === undefined ? upload : rest), ...change };
    this.uploads.set(id, next);
    void this.shelf.change(id, (shelved) => ({ ...shelved, upload: next }));
    this.changed();
    if (change.status === 'ready' || change.status === 'failed') this.settle();
  }

  private progress(id: string, sent: number): void {
    const upload = this.uploads.get(id);
    if (upload === undefined) return;
    this.uploads.set(id, { ...upload, sent });
    this.telling ??= setTimeout(() => this.changed(), SOON);
  }

  /** Shows it here, and tells the others. */
  private changed(): void {
    if (this.telling !== null) clearTimeout(this.telling);
    this.telling = null;
    const uploads = [...this.uploads.values()];
    this.front.show(uploads);
    if (this.around.leads()) this.around.say({ is: 'uploads', uploads });
  }

  /** What a crash has left: files of messages that have gone. */
  private tidy(): void {
    for (const { id, place, file } of this.uploads.values()) {
      if (file !== null && isMessage(place) && this.around.queue.outbox.get(place) === null) this.remove(id);
    }
    this.changed();
  }
}

function isSo(upload: Upload, wanted: Exclude<Wanted, null>): boolean {
  return (wanted.place ?? upload.place) === upload.place && (wanted.at ?? upload.at) === upload.at;
}

/** As a new leader begins: what was under way waits, and what has failed is tried once more. */
function restarted(upload: Upload): Upload {
  const { problem: _, ...rest } = upload;
  const stays = upload.status === 'paused' || upload.status === 'ready';
  return stays ? upload : { ...rest, status: 'waiting' };
}
