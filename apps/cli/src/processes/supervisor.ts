import { ImError } from '@chasqui/domain';
import type { Environment } from '@chasqui/kit';
import type { ClusterProcess } from './cluster-process.ts';
import { ClusterProcesses } from './cluster-processes.ts';
import { lastLine } from './last-line.ts';

const READY_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 10_000;
/** After a process has run for this long, its restart back-off is reset. */
const CALM_MS = 60_000;

export interface SupervisorOptions {
  processes: readonly ClusterProcess[];
  env: Environment;
  logDir: string;
  say(line: string): void;
}

/**
 * Keeps the processes of a cluster running: one that ends by itself is restarted after 1 s, doubling up to 10 s. While
 * the cluster starts, a process that ends fails the start.
 */
export class Supervisor implements AsyncDisposable {
  readonly #processes: ClusterProcesses;
  readonly #say: (line: string) => void;
  readonly #ends = new Map<string, { pauseMs: number; at: number }>();
  readonly #restarts = new Map<string, NodeJS.Timeout>();
  #state: 'starting' | 'running' | 'stopping' = 'starting';
  #failed: (error: Error) => void = () => {};

  private constructor({ processes, env, logDir, say }: SupervisorOptions) {
    this.#say = say;
    this.#processes = new ClusterProcesses({ processes, env, logDir, onExit: (name, how) => this.#onExit(name, how) });
  }

  /**
   * Resolves when every process is ready. Errors: `config_invalid` with the last log line of a process that ended,
   * `deadline_exceeded` with that of one that is not ready within a minute, and what it lacks.
   */
  static async start(options: SupervisorOptions): Promise<Supervisor> {
    await using stack = new AsyncDisposableStack();
    const supervisor = stack.use(new Supervisor(options));
    const processes = supervisor.#processes;
    const failed = new Promise<never>((_, reject) => {
      supervisor.#failed = reject;
    });
    for (const name of processes.names) processes.run(name);
    await Promise.race([processes.ready(READY_MS, (name) => options.say(`${name} is ready`)), failed]);
    supervisor.#state = 'running';
    stack.move();
    return supervisor;
  }

  #onExit(name: string, how: number | NodeJS.Signals | null): void {
    if (this.#state === 'stopping') return;
    const log = this.#processes.logOf(name);
    if (this.#state === 'starting') {
      this.#failed(new ImError('config_invalid', `${name} ended (${how}): ${lastLine(log)} (see ${log})`));
      return;
    }
    const now = performance.now();
    const before = this.#ends.get(name);
    const pauseMs =
      before === undefined || now - before.at > CALM_MS ? FIRST_PAUSE_MS : Math.min(before.pauseMs * 2, MAX_PAUSE_MS);
    this.#ends.set(name, { pauseMs, at: now });
    this.#say(`${name} ended (${how}); it is started again in ${pauseMs / 1000} s (see ${log})`);
    this.#restarts.set(
      name,
      setTimeout(() => this.#processes.run(name), pauseMs),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state = 'stopping';
    for (const timer of this.#restarts.values()) clearTimeout(timer);
    await this.#processes[Symbol.asyncDispose]();
  }
}
