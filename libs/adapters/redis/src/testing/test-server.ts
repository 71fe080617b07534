import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';

/** Running servers, which are stopped even if a run is interrupted. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A private Redis for a test, to be killed, frozen and emptied. Only for this machine. */
export class TestServer implements AsyncDisposable {
  readonly port: number;
  readonly folder = mkdtempSync(join(tmpdir(), 'chasqui-redis-'));
  readonly #args: readonly string[];
  #process: ChildProcess | null = null;

  private constructor(port: number, args: readonly string[]) {
    this.port = port;
    this.#args = args;
  }

  /**
   * Starts a server and waits until it answers. Its acked writes survive an orderly stop, and almost all survive kill
   * -9.
   */
  static create(...args: string[]): Promise<TestServer> {
    return TestServer.#started(['--appendonly', 'yes', '--save', '', ...args]);
  }

  /** A sentinel that watches a master and promotes its replica a second after the master's end. */
  static async sentinel(name: string, master: TestServer): Promise<TestServer> {
    const sentinel = await TestServer.#started(['--sentinel']);
    await sentinel.command('SENTINEL', 'MONITOR', name, '127.0.0.1', String(master.port), '1');
    await sentinel.command('SENTINEL', 'SET', name, 'down-after-milliseconds', '1000', 'failover-timeout', '3000');
    return sentinel;
  }

  static async #started(args: readonly string[]): Promise<TestServer> {
    const server = new TestServer(await freePort(), args);
    await server.start();
    return server;
  }

  get settings() {
    return { CHASQUI_REDIS_URL: `redis://127.0.0.1:${this.port}` };
  }

  async start(): Promise<void> {
    // A sentinel writes its findings to this file.
    const config = join(this.folder, 'redis.conf');
    writeFileSync(config, '');
    const own = [config, '--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder];
    this.#process = spawn('redis-server', [...own, ...this.#args], { stdio: 'ignore' });
    running.add(this.#process);
    await once(this.#process, 'spawn');
    await this.answers();
  }

  /** A connection for the test, which waits for the server. */
  connection(): Redis {
    const connection = new Redis({ port: this.port, retryStrategy: () => 50, maxRetriesPerRequest: null });
    connection.on('error', () => {});
    return connection;
  }

  async command(name: string, ...args: string[]): Promise<unknown> {
    const connection = this.connection();
    try {
      return await connection.call(name, ...args);
    } finally {
      connection.disconnect();
    }
  }

  async answers(): Promise<void> {
    const given = this.#args.includes('--requirepass');
    for (const deadline = Date.now() + 20_000; ; await sleep(50)) {
      const answer = await this.command('PING').catch((error: Error) => error.message);
      if (answer === 'PONG' || (given && String(answer).startsWith('NOAUTH'))) return;
      if (Date.now() > deadline) throw new Error(`redis-server on port ${this.port} does not answer: ${answer}`);
    }
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null) return;
    running.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    // A frozen process handles the signal only after it is continued.
    child.kill('SIGCONT');
    await ended;
  }
}
