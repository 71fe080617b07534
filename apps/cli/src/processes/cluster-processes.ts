import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ImError } from '@chasqui/domain';
import type { Environment } from '@chasqui/kit';
import type { ClusterProcess } from './cluster-process.ts';
import { lastLine } from './last-line.ts';
import { NODE_FLAGS } from './node-flags.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const POLL_MS = 100;
/** Timeout of a graceful end; then the process is killed. */
const END_MS = 20_000;

export interface ClusterProcessesOptions {
  processes: readonly ClusterProcess[];
  /** The environment of all processes; a process's own variables override it. */
  env: Environment;
  /** Each process appends to a log of its own. */
  logDir: string;
  /** The checkout whose apps run, asked at each start of a process. Default: this one. */
  rootOf?(name: string): string;
  /** Called when a process ends, for any reason. */
  onExit?(name: string, how: number | NodeJS.Signals | null): void;
}

/** The processes of a cluster, each started, signalled and stopped by its name. */
export class ClusterProcesses implements AsyncDisposable {
  readonly names: readonly string[];
  readonly #options: ClusterProcessesOptions;
  readonly #processes: ReadonlyMap<string, ClusterProcess>;
  readonly #children = new Map<string, ChildProcess>();

  constructor(options: ClusterProcessesOptions) {
    this.#options = options;
    this.#processes = new Map(options.processes.map((known) => [known.name, known]));
    this.names = [...this.#processes.keys()];
    mkdirSync(options.logDir, { recursive: true });
  }

  /** Starts a process that is not running. */
  run(name: string): void {
    const { app, env } = this.#process(name);
    if (this.#children.has(name)) return;
    const log = openSync(this.logOf(name), 'a');
    const root = this.#options.rootOf?.(name) ?? ROOT;
    const child = spawn(process.execPath, [...(NODE_FLAGS[app] ?? []), join(root, 'apps', app, 'src/main.ts')], {
      cwd: root,
      env: { ...this.#options.env, ...env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#children.set(name, child);
    child.once('exit', (code, signal) => {
      if (this.#children.get(name) === child) this.#children.delete(name);
      this.#options.onExit?.(name, code ?? signal);
    });
  }

  /** Undefined while the process is not running. */
  pidOf(name: string): number | undefined {
    return this.#children.get(name)?.pid;
  }

  logOf(name: string): string {
    return join(this.#options.logDir, `${name}.log`);
  }

  /** Sends a signal. If the signal ends the process, resolves to the exit code once it has ended. */
  async signal(name: string, signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<number | null> {
    this.#process(name);
    const child = this.#children.get(name);
    if (child === undefined) return null;
    const ended = once(child, 'exit');
    child.kill(signal);
    if (signal === 'SIGSTOP' || signal === 'SIGCONT') return null;
    const [code] = await ended;
    return code as number | null;
  }

  /** Whether a process reports that it is ready; one without a status port is ready while it runs. */
  async isReady(name: string): Promise<boolean> {
    return (await this.#lackOf(name)) === null;
  }

  /** Why a process is not ready, in words; null: it is. */
  async #lackOf(name: string): Promise<string | null> {
    const { readyUrl } = this.#process(name);
    if (!this.#children.has(name)) return 'it does not run';
    if (readyUrl === null) return null;
    try {
      const answer = await fetch(readyUrl, { signal: AbortSignal.timeout(2_000) });
      if (answer.ok) return null;
      const { missing = [] } = (await answer.json()) as { missing?: string[] };
      return `it lacks ${missing.join(', ')}`;
    } catch {
      return `it does not answer at ${readyUrl}`;
    }
  }

  /**
   * Resolves when every process is ready. `onReady` is called for each. Errors: `deadline_exceeded`, which names the
   * process that is not ready in time, what it lacks, and what its log says last.
   */
  async ready(withinMs: number, onReady?: (name: string) => void): Promise<void> {
    const end = performance.now() + withinMs;
    for (const name of this.names) {
      for (let lack = await this.#lackOf(name); lack !== null; lack = await this.#lackOf(name)) {
        if (performance.now() > end) throw this.#late(name, lack, withinMs);
        await pause(POLL_MS);
      }
      onReady?.(name);
    }
  }

  #late(name: string, lack: string, withinMs: number): ImError {
    const log = this.logOf(name);
    const said = lastLine(log);
    const last = said === '' ? 'its log is empty' : `its log says: ${said}`;
    const text = `${name} is not ready after ${Math.round(withinMs / 1_000)} s: ${lack}; ${last} (see ${log})`;
    return new ImError('deadline_exceeded', text);
  }

  /**
   * Ends all processes gracefully, the engines' process last, as the others drain into it; kills those that take too
   * long.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    const others = this.names.filter((name) => name !== 'engine');
    for (const name of others) await this.signal(name, 'SIGCONT');
    await Promise.all(others.map((name) => this.#end(name)));
    if (this.#processes.has('engine')) await this.#end('engine');
  }

  async #end(name: string): Promise<void> {
    const force = setTimeout(() => void this.signal(name, 'SIGKILL'), END_MS);
    await this.signal(name, 'SIGTERM');
    clearTimeout(force);
  }

  #process(name: string): ClusterProcess {
    const found = this.#processes.get(name);
    if (found === undefined) throw new Error(`no process ${name}; there are ${this.names.join(', ')}`);
    return found;
  }
}
