// The connection between a browser and the server, which a test can hold in its hands: what the server says waits until
// the test lets it through, while what the browser says arrives.

import type { BrowserContext, WebSocketRoute } from 'playwright-core';

export class Wire {
  private constructor(private readonly context: BrowserContext) {}

  private held = false;
  private waiting: (() => void)[] = [];
  private readonly open = new Set<WebSocketRoute>();

  /** To be put in place before the first page is opened. */
  static async of(context: BrowserContext): Promise<Wire> {
    const wire = new Wire(context);
    await context.routeWebSocket(/\/api\/v1\/ws$/, (socket) => wire.join(socket));
    return wire;
  }

  hold(): void {
    this.held = true;
  }

  release(): void {
    this.held = false;
    const waiting = this.waiting;
    this.waiting = [];
    waiting.forEach((deliver) => deliver());
  }

  /** Takes the network away. Browsers only pretend, and leave connections alone that are there; so these are cut. */
  async unplug(): Promise<void> {
    await this.context.setOffline(true);
    await this.cut();
  }

  async plugIn(): Promise<void> {
    await this.context.setOffline(false);
  }

  /** Breaks every connection. */
  async cut(): Promise<void> {
    await Promise.all([...this.open].map((socket) => socket.close({ code: 4003 })));
  }

  private join(socket: WebSocketRoute): void {
    const server = socket.connectToServer();
    this.open.add(socket);
    socket.onMessage((data) => server.send(data));
    server.onMessage((data) => {
      if (this.held) this.waiting.push(() => socket.send(data));
      else socket.send(data);
    });
    const end = () => this.open.delete(socket);
    socket.onClose((code, reason) => {
      end();
      void server.close({ ...(code !== undefined && { code }), ...(reason !== undefined && { reason }) });
    });
    server.onClose((code, reason) => {
      end();
      void socket.close({ ...(code !== undefined && { code }), ...(reason !== undefined && { reason }) });
    });
  }
}
