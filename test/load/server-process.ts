import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { pinned } from './pinned.ts';
import { bytesToDiskOf, bytesWrittenOf, cpuSecondsByThread, cpuSecondsOf, residentMbOf } from './process-use.ts';
import type { Part, Watched } from './watched.ts';

export interface ServerProcessOptions {
  /** The script and its arguments. */
  args: readonly string[];
  nodeFlags?: readonly string[];
  env?: { [name: string]: string };
  cwd?: string;
  /** Matches the line that the server prints once it listens, and captures its address. */
  ready: RegExp;
}

const START_MS = 120_000;
const COLLECT_MS = 2_000;

/**
 * Node's flags for a server whose memory is measured: garbage collection can be requested, and the young generation has
 * a fixed size, because it would otherwise grow by tens of MB at a time.
 */
export const WEIGHED: readonly string[] = [
  '--expose-gc',
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
  "--import=data:text/javascript,process.on('SIGUSR2',()=>gc())",
];

/** A server under test: a separate process, on core 0. Disposing stops it by SIGTERM and waits. */
export class ServerProcess implements Watched, AsyncDisposable {
  /** The text that `ready` captured. */
  readonly where: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, where: string) {
    this.#child = child;
    this.where = where;
  }

  static async start({ args, nodeFlags = [], env = {}, cwd, ready }: ServerProcessOptions): Promise<ServerProcess> {
    const [command, ...rest] = pinned(0, [process.execPath, ...nodeFlags, ...args]);
    const stdio: StdioOptions = ['ignore', 'pipe', 'inherit'];
    const child = spawn(command, rest, { stdio, env: { ...process.env, ...env }, cwd });
    endWithThisProcess(child);
    let out = '';
    const where = await new Promise<string>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`not ready after ${START_MS} ms: ${out}`)), START_MS);
      child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready: ${out}`)));
      child.stdout?.on('data', (chunk: Buffer) => {
        out += chunk.toString();
        const found = ready.exec(out);
        if (found === null) return;
        clearTimeout(late);
        resolve(found[1] ?? '');
      });
    });
    child.once('exit', (code, signal) => {
      if (signal !== 'SIGTERM' && code !== 0) process.stderr.write(`the server ended by itself: ${code ?? signal}\n`);
    });
    return new ServerProcess(child, where);
  }

  /**
   * Its threads; those with the same name are summed. Resident memory and written bytes are those of all, and reported
   * with the first.
   */
  parts(): Part[] {
    const pid = this.#child.pid ?? 0;
    const [resident, written] = [residentMbOf(pid), bytesWrittenOf(pid)];
    return [...cpuSecondsByThread(pid)].map(([name, cpuSeconds], index) => ({
      name,
      isOurs: true,
      cpuSeconds,
      residentMb: index === 0 ? resident : 0,
      bytesWritten: index === 0 ? written : 0,
    }));
  }

  /** What the process has used so far. */
  use(): { cpuUs: number; bytesWritten: number; bytesToDisk: number } {
    const pid = this.#child.pid ?? 0;
    const [bytesWritten, bytesToDisk] = [bytesWrittenOf(pid), bytesToDiskOf(pid)];
    return { cpuUs: cpuSecondsOf(pid) * 1e6, bytesWritten, bytesToDisk };
  }

  /** For a server that was started with `WEIGHED`. */
  async collectGarbage(): Promise<void> {
    this.#child.kill('SIGUSR2');
    await pause(COLLECT_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }
}

/** A bench that fails or is interrupted leaves no server running. */
function endWithThisProcess(child: ChildProcess): void {
  process.once('exit', () => child.kill());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      child.kill();
      process.kill(process.pid, signal);
    });
  }
}
