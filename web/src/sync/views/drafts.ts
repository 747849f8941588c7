// Texts that were begun and not sent: kept in this browser by conversation or thread, and the same in all tabs. What brings
// them to other devices is loaded later.

import type { Exchange } from '../drafts/exchange';
import { Notes } from '../storage/notes';
import type { Store } from '../store';
import type { Word } from '../tabs/bus';

const LATER = 300;

export class Drafts {
  private readonly texts = new Map<string, string>();
  private readonly unwritten = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private held: ReadonlySet<string> = new Set();
  private readonly notes: Notes;
  /** With other devices, once it is loaded. */
  exchange: Exchange | null = null;

  constructor(
    private readonly store: Store,
    private readonly say: (word: Word) => void,
  ) {
    // Without a database nothing is kept here at all, and so nothing is noted.
    this.notes = new Notes(store.disk.isKept() ? store.env.notes : null, store.userId);
  }

  restore(texts: ReadonlyMap<string, string>): void {
    // What begins with another sign is what devices have agreed upon.
    texts.forEach((text, key) => key.startsWith('=') || this.texts.set(key, text));
    this.notes.all().forEach((text, key) => {
      if (text === '') this.texts.delete(key);
      else this.texts.set(key, text);
      this.later(key);
    });
    this.held = new Set(this.texts.keys());
  }

  text(key: string): string {
    return this.texts.get(key) ?? '';
  }

  keys(): ReadonlySet<string> {
    return this.held;
  }

  /** `from` is the text that was changed: if that is another one by now, both changes are kept. */
  set(key: string, written: string, from = this.text(key)): void {
    const now = this.text(key);
    const text = from === now ? written : (this.exchange?.merge(from, written, now) ?? written);
    if (text === now) return;
    this.take(key, text);
    this.say({ is: 'text', key, text });
    this.notes.put(key, text);
    this.later(key);
  }

  /** Another tab has changed it, and writes it. */
  take(key: string, text: string): void {
    const had = this.texts.has(key);
    if (text === '') this.texts.delete(key);
    else this.texts.set(key, text);
    const has = this.texts.has(key);
    if (had !== has) this.held = new Set(this.texts.keys());
    this.store.changed(`draft:${key}`, ...(had === has ? [] : ['drafts']));
    this.exchange?.look();
  }

  write(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    for (const key of this.unwritten) void this.writeOne(key, this.text(key));
    this.unwritten.clear();
  }

  stop(): void {
    this.exchange?.stop();
    this.write();
  }

  /** Nothing stays in this browser. */
  forget(): void {
    this.unwritten.clear();
    this.notes.forget();
  }

  private later(key: string): void {
    this.unwritten.add(key);
    this.timer ??= setTimeout(() => this.write(), LATER);
  }

  private async writeOne(key: string, text: string): Promise<void> {
    if (await this.store.disk.writeText(key, text)) this.notes.written(key, text);
  }
}
