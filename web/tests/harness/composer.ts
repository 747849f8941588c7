// Where messages are written, in a conversation or in a thread.

import type { Locator } from 'playwright-core';

export class Composer {
  constructor(readonly box: Locator) {}

  /** What somebody types, key by key, after what is there. */
  async type(text: string): Promise<void> {
    await this.box.pressSequentially(text);
  }

  /** Puts the text in at once, as by pasting. */
  async fill(text: string): Promise<void> {
    await this.box.fill(text);
  }

  async send(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press('Enter');
  }
}
