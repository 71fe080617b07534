import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { pinned } from './pinned.ts';

export interface ServerProcessOptions {
  /** The script and its arguments. */
  args: readonly string[];
  nodeFlags?: readonly string[];
  env?: { [name: string]: string };
  /** Finds, in what the server prints, that it listens, and where. */
  ready: RegExp;
}

const START_MS = 30_000;
/** Of the kernel's clock in /proc, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** A server under test: a process of its own, on core 0. Disposing stops it by SIGTERM and waits. */
export class ServerProcess implements AsyncDisposable {
  /** What `ready` captured. */
  readonly where: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, where: string) {
    this.#child = child;
    this.where = where;
  }

  static async start({ args, nodeFlags = [], env = {}, ready }: ServerProcessOptions): Promise<ServerProcess> {
    const [command, ...rest] = pinned(0, [process.execPath, ...nodeFlags, ...args]);
    const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } });
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

  /** CPU time used by all its threads, in seconds. */
  cpuSeconds(): number {
    const stat = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8');
    const [, , ...fields] = stat.slice(stat.lastIndexOf(')')).split(' ');
    return (Number(fields[10]) + Number(fields[11])) / TICKS_PER_SECOND;
  }

  /** CPU time used by its threads, in seconds; those of one name together. */
  cpuByThread(): Map<string, number> {
    const seconds = new Map<string, number>();
    const tasks = `/proc/${this.#child.pid}/task`;
    for (const task of readdirSync(tasks)) {
      const name = readFileSync(`${tasks}/${task}/comm`, 'utf8').trim();
      const [ranNs] = readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ');
      seconds.set(name, (seconds.get(name) ?? 0) + Number(ranNs) / 1e9);
    }
    return seconds;
  }

  /** Resident memory in MB. */
  residentMb(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1_024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }
}

/** A bench that fails or is interrupted leaves no server behind. */
function endWithThisProcess(child: ChildProcess): void {
  process.once('exit', () => child.kill());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      child.kill();
      process.kill(process.pid, signal);
    });
  }
}
