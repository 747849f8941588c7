// What most tests begin with: a server, a browser, and two people with a conversation.

import type { Conversation, Message, Page } from '@/protocol.gen';
import { Browser, Person } from './browser';
import { Server } from './server';

export class World {
  private constructor(
    readonly server: Server,
    readonly browser: Browser,
    readonly ann: Person,
    readonly ben: Person,
    /** The conversation of the two. */
    readonly room: string,
  ) {}

  static async make(): Promise<World> {
    const server = await Server.start();
    const browser = await Browser.open(server);
    const [ann, ben] = [await Person.register(server.origin, 'ann'), await Person.register(server.origin, 'ben')];
    const { id } = await ann.ask<Conversation>('POST', '/conversations', { type: 'direct', members: [ben.id] });
    return new World(server, browser, ann, ben, id);
  }

  async end(): Promise<void> {
    await this.browser.close();
    await this.server.remove();
  }

  /** What the server has, oldest first. */
  async stored(person = this.ben): Promise<string[]> {
    const page = await person.ask<Page<Message>>('GET', `/conversations/${this.room}/messages?limit=200`);
    return page.items.filter(({ type }) => type === 'text').map(({ body }) => body);
  }
}
