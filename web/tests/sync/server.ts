// A real server in a folder of its own, which can be stopped and started again with what it has stored.

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until';

export const BINARY = process.env['LASERCHAT_BIN'] ?? '';

export class Server {
  private child: ChildProcess | null = null;

  private constructor(
    readonly data: string,
    readonly port: number,
  ) {}

  static async start(): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), 'laserchat-sync-')), await freePort());
    await server.run();
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async run(): Promise<void> {
    const args = ['serve', '--listen', `127.0.0.1:${this.port}`, '--data', this.data, '--rate-limits', 'off'];
    this.child = spawn(BINARY, args, { stdio: 'ignore', env: clean() });
    await until('the server answers', async () => {
      const answer = await fetch(`${this.origin}/healthz`).catch(() => null);
      return answer?.ok;
    });
  }

  async halt(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { child } = this;
    this.child = null;
    if (child === null || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** Runs a command of the binary on this server's folder. */
  async command(...args: readonly string[]): Promise<void> {
    const child = spawn(BINARY, args, { stdio: 'ignore', env: clean() });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}`);
  }

  async remove(): Promise<void> {
    await this.halt();
    await rm(this.data, { recursive: true, force: true });
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** The server refuses settings that it does not know. */
function clean(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('LASERCHAT_')));
}
