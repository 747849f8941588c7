// Texts that are not in the database yet, noted at once: a page that is reloaded is gone before a transaction is done. A
// note lives until the database has the text, and what is still noted at the next start counts more than what is there.

export class Notes {
  private readonly prefix: string;

  constructor(
    private readonly storage: Storage | null,
    userId: string,
  ) {
    this.prefix = `laserchat-draft-${userId}-`;
  }

  /** Notes a text; the empty one says that it was deleted. */
  put(key: string, text: string): void {
    try {
      this.storage?.setItem(this.prefix + key, text);
    } catch {
      // Full, or forbidden: then it is in the database a little later, and nowhere before that.
    }
  }

  /** The database has this text. Another tab may have noted a newer one meanwhile. */
  written(key: string, text: string): void {
    if (this.storage?.getItem(this.prefix + key) === text) this.storage.removeItem(this.prefix + key);
  }

  all(): ReadonlyMap<string, string> {
    return new Map(this.names().map((name) => [name.slice(this.prefix.length), this.storage?.getItem(name) ?? '']));
  }

  forget(): void {
    for (const name of this.names()) this.storage?.removeItem(name);
  }

  private names(): string[] {
    const { storage } = this;
    const names = Array.from({ length: storage?.length ?? 0 }, (_, at) => storage?.key(at) ?? '');
    return names.filter((name) => name.startsWith(this.prefix));
  }
}
