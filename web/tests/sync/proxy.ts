// The network between the browser and the server: it can be cut, made to swallow everything, or slowed down.

import { once } from 'node:events';
import type { Server as NetServer, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

export class Proxy {
  private readonly sockets = new Set<Socket>();
  private server: NetServer | null = null;
  port = 0;
  /** Milliseconds that everything takes longer. */
  delay = 0;
  /** Connections stay, and nothing comes through. */
  silent = false;
  private refusing = false;

  constructor(private readonly target: number) {}

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async open(): Promise<void> {
    this.server = createServer((near) => {
      if (this.refusing) {
        near.destroy();
        return;
      }
      const far = connect(this.target, '127.0.0.1');
      this.join(near, far);
      this.join(far, near);
    });
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    this.port = address.port;
  }

  /** Cuts every connection, and refuses new ones. */
  cut(): void {
    this.refusing = true;
    this.drop();
  }

  /** Cuts every connection; new ones are fine. */
  drop(): void {
    this.sockets.forEach((socket) => socket.destroy());
  }

  mend(): void {
    this.refusing = false;
    this.silent = false;
  }

  close(): void {
    this.drop();
    this.server?.close();
  }

  private join(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.on('data', (data) => {
      if (this.silent) return;
      if (this.delay === 0) to.write(data);
      else setTimeout(() => to.writable && to.write(data), this.delay);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}
