// What most tests begin with: a server, a browser, and two people with a conversation.

import type { Conversation, File, Message, Page } from '@/protocol.gen';
import { Browser, Person } from './browser';
import { Server } from './server';
import { until } from './until';

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

  /** A small file of Ann's. */
  async upload(): Promise<File> {
    const { origin, grant } = this.ann;
    const answer = await fetch(`${origin}/api/v1/uploads`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${grant.access_token}`,
        'tus-resumable': '1.0.0',
        'upload-length': '5',
        'upload-metadata': `filename ${btoa('notes.txt')}`,
        'content-type': 'application/offset+octet-stream',
      },
      body: 'words',
    });
    const id = answer.headers.get('location')?.split('/').at(-1) ?? '';
    const look = () => this.ann.ask<File>('GET', `/files/${id}`);
    await until('it is ready', async () => (await look()).state === 'ready');
    return await look();
  }
}
