// A real server in a process of its own, on a data folder of its own, that tests start, stop, kill and start again.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Longer than anything that works takes, on the busiest machine. */
export const PATIENCE = 60_000;

/** The server with the web client inside: `cargo xtask test` says where it is. */
export function binary(): string {
  const path = process.env.LASERCHAT_BIN;
  if (!path) throw new Error('LASERCHAT_BIN must name the server to test; `cargo xtask test web` does it all');
  return path;
}

/** The server stops at settings that it does not know, so none of the surroundings' may reach it. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('LASERCHAT_')));
}

export interface Options {
  /** Arguments for `serve`, after those that every test needs. */
  args?: readonly string[];
}

export class Server {
  private constructor(
    readonly data: string,
    private readonly args: readonly string[],
  ) {}

  private process: ChildProcess | null = null;
  /** The port stays over restarts, because clients come back to it. */
  private port = 0;
  /** The code in the link that the first start prints, for whoever becomes the owner. */
  ownerCode: string | null = null;

  static async start({ args = [] }: Options = {}): Promise<Server> {
    const data = await mkdtemp(join(tmpdir(), 'laserchat-web-'));
    const server = new Server(data, args);
    await server.begin();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  get pid(): number {
    if (!this.process?.pid) throw new Error('the server does not run');
    return this.process.pid;
  }

  /** Starts it on its folder, where it was before. */
  async begin(): Promise<void> {
    const args = [
      'serve',
      '--listen',
      `127.0.0.1:${this.port}`,
      '--data',
      this.data,
      '--rate-limits',
      'off',
      ...this.args,
    ];
    const child = spawn(binary(), args, { env: environment(), stdio: ['ignore', 'pipe', 'ignore'] });
    this.process = child;
    const lines = createInterface({ input: child.stdout });
    const ready = new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it served`)));
      child.once('error', reject);
      lines.on('line', (line) => {
        this.ownerCode = /\/join\/([\w-]+)/.exec(line)?.[1] ?? this.ownerCode;
        const listening = /Listening\s+[\d.]+:(\d+)/.exec(line);
        if (listening) this.port = Number(listening[1]);
        // The last line of what it says at its start, with or without an owner.
        if (line.includes('Ctrl-C stops it')) resolve();
      });
    });
    await ready;
  }

  /** SIGTERM, and waits for the end in good order. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** SIGKILL: no goodbye. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    this.process = null;
    if (!child || child.exitCode !== null) return;
    child.removeAllListeners('exit');
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  /** What one of the server's gauges and counters stands at, such as `laserchat_connections`. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
    if (value === undefined) throw new Error(`the server does not measure ${name}`);
    return Number(value);
  }

  /** Runs another command of the binary, such as `backup`, and waits for it. */
  async command(...args: readonly string[]): Promise<void> {
    const child = spawn(binary(), args, { env: environment(), stdio: ['ignore', 'ignore', 'inherit'] });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`laserchat ${args[0]} ended with ${code}`);
  }

  /** Copies what it keeps to a file, while it runs. */
  async backup(file: string): Promise<void> {
    await this.command('backup', '--data', this.data, file);
  }

  /** Ends it, and starts it again with what a backup holds and nothing else. */
  async restore(file: string): Promise<void> {
    await this.stop();
    await rm(this.data, { recursive: true, force: true });
    await mkdir(this.data);
    await this.command('restore', '--data', this.data, file);
    await this.begin();
  }

  /** Ends it and removes what it kept. */
  async close(): Promise<void> {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }
}
