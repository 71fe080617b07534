import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chosenEngines, playedBy } from '@chasqui/app-cli/engines';
import { ClusterProcesses, type PortUse, processesOf } from '@chasqui/app-cli/processes';
import { defined } from '@chasqui/domain';
import { connectEmbeddedEngines } from '@chasqui/embedded';
import { type Environment, silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import { createTokenIssuer } from '@chasqui/tokens';
import type { Installation } from '../real/installation.ts';
import { freePorts } from './free-ports.ts';

const JWT_SECRET = 'a secret that is used by tests and by nothing else';
const READY_MS = 120_000;

export interface ProcessClusterOptions {
  connect: number;
  business: number;
  /** An installation on the engines of this machine. Absent: the embedded engines, in a separate process. */
  installation?: Installation;
  /** Further configuration. */
  env?: Environment;
  /** The checkout whose app a process runs, asked at each start. Default: this one. */
  rootOf?(name: string): string;
  /** Prepares the engines. Default: this version's setup. */
  setup?(env: Environment): Promise<void>;
}

/** The cluster as operators run it: each app, and the engines, as a separate process on one data folder. */
export class ProcessCluster implements AsyncDisposable {
  /** A folder that has the logs too, beside the data. */
  readonly #folder: string;
  readonly dataDir: string;
  readonly apiUrl: string;
  /** WebSocket addresses, the same after a restart. */
  readonly wsUrls: readonly string[];
  readonly processes: ClusterProcesses;
  readonly #env: Environment;

  private constructor(folder: string, apiUrl: string, wsUrls: string[], processes: ClusterProcesses, env: Environment) {
    this.#env = env;
    this.#folder = folder;
    this.dataDir = dataOf(folder);
    this.apiUrl = apiUrl;
    this.wsUrls = wsUrls;
    this.processes = processes;
  }

  /** Starts everything and waits until all of it is ready. */
  static async start({
    connect,
    business,
    installation,
    env: more,
    rootOf,
    setup,
  }: ProcessClusterOptions): Promise<ProcessCluster> {
    const folder = await mkdtemp(join(tmpdir(), 'chasqui-faults-'));
    const dataDir = dataOf(folder);
    await mkdir(dataDir);
    const free = await freePorts(connect * 2 + business + 4);
    const ports = new Map<string, number>();
    const portOf = (use: PortUse, i: number) => {
      const port = ports.get(`${use} ${i}`) ?? free.pop() ?? 0;
      ports.set(`${use} ${i}`, port);
      return port;
    };
    const env = {
      ...process.env,
      ...installation?.env,
      CHASQUI_DATA_DIR: dataDir,
      CHASQUI_JWT_SECRET: JWT_SECRET,
      CHASQUI_LOG_LEVEL: 'info',
      ...more,
    };
    const engines = chosenEngines(env, silentLogger);
    await (setup?.(env) ?? engines.setup(() => {}));
    const processes = new ClusterProcesses({
      processes: processesOf({ connect, business, embedded: engines.embedded, portOf }),
      env,
      logDir: join(folder, 'logs'),
      ...defined({ rootOf }),
    });
    const wsUrls = Array.from({ length: connect }, (_, n) => `ws://127.0.0.1:${portOf('connect', n + 1)}/ws`);
    const cluster = new ProcessCluster(folder, `http://127.0.0.1:${portOf('api', 1)}`, wsUrls, processes, env);
    await using stack = new AsyncDisposableStack();
    stack.use(cluster);
    for (const name of cluster.names) cluster.run(name);
    await cluster.ready();
    stack.move();
    return cluster;
  }

  get names(): readonly string[] {
    return this.processes.names;
  }

  /** Starts a process that does not run. */
  run(name: string): void {
    this.processes.run(name);
  }

  /** Sends a signal; resolves to the exit code once the process has ended, if the signal ends it. */
  signal(name: string, signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<number | null> {
    return this.processes.signal(name, signal);
  }

  /**
   * Resolves when every process is ready. One that has ended by itself, as a start does that waits in vain for the bus, is
   * started again, as a supervisor would. Errors: names the one that is not ready in time.
   */
  async ready(): Promise<void> {
    for (const end = performance.now() + READY_MS; ; ) {
      for (const name of this.names) this.run(name);
      try {
        return await this.processes.ready(READY_MS / 3);
      } catch (error) {
        if (performance.now() > end) throw error;
      }
    }
  }

  token(userId: string): Promise<string> {
    const issuer = createTokenIssuer({ secret: JWT_SECRET, clock: systemClock, accessTtlS: 3600, refreshTtlS: 7200 });
    return issuer.issue(userId).then(({ accessToken }) => accessToken);
  }

  /** The engines, for inspecting what is stored. */
  engines(): Promise<Engines & AsyncDisposable> {
    const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };
    const path = join(this.dataDir, 'engine.sock');
    return playedBy(this.#env, () => connectEmbeddedEngines({ path, ...parts }), silentLogger);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.processes[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

const dataOf = (folder: string) => join(folder, 'data');
