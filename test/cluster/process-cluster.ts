import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEmbeddedEngines, type RemoteEngines } from '@chasqui/embedded';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { createTokenIssuer } from '@chasqui/tokens';
import { freePorts } from './free-ports.ts';

const ROOT = join(import.meta.dirname, '../..');
const JWT_SECRET = 'a secret that is used by tests and by nothing else';
const READY_MS = 30_000;

export interface ProcessClusterOptions {
  connect: number;
  business: number;
}

interface Member {
  app: string;
  /** Where it says whether it is ready; null: it has no such port. */
  readyUrl: string | null;
  env: { [name: string]: string };
  child: ChildProcess | null;
}

/** The cluster as its operators run it: each app, and the engines, as a process of its own on one data folder. */
export class ProcessCluster implements AsyncDisposable {
  readonly dataDir: string;
  readonly apiUrl: string;
  /** WebSocket addresses, the same after a restart. */
  readonly wsUrls: readonly string[];
  readonly #members: ReadonlyMap<string, Member>;

  private constructor(dataDir: string, apiUrl: string, wsUrls: string[], members: Map<string, Member>) {
    this.dataDir = dataDir;
    this.apiUrl = apiUrl;
    this.wsUrls = wsUrls;
    this.#members = members;
  }

  /** Starts everything and waits until all of it is ready. */
  static async start({ connect, business }: ProcessClusterOptions): Promise<ProcessCluster> {
    const dataDir = await mkdtemp(join(tmpdir(), 'chasqui-faults-'));
    mkdirSync(join(dataDir, 'logs'));
    const ports = await freePorts(connect * 2 + business + 2);
    const port = () => ports.pop() ?? 0;
    const members = new Map<string, Member>();
    const add = (name: string, app: string, readyPort: number | null, env: { [name: string]: string }) => {
      const readyUrl = readyPort === null ? null : `http://127.0.0.1:${readyPort}/readyz`;
      members.set(name, { app, readyUrl, env, child: null });
    };
    add('engine', 'engine', null, {});
    const wsUrls: string[] = [];
    for (let i = 1; i <= connect; i++) {
      const [ws, peer] = [port(), port()];
      wsUrls.push(`ws://127.0.0.1:${ws}/ws`);
      add(`connect-${i}`, 'connect', ws, { CHASQUI_CONNECT_PORT: `${ws}`, CHASQUI_CONNECT_PEER_PORT: `${peer}` });
    }
    for (let i = 1; i <= business; i++) {
      const status = port();
      add(`business-${i}`, 'business', status, { CHASQUI_BUSINESS_STATUS_PORT: `${status}` });
    }
    const datasync = port();
    add('datasync', 'datasync', datasync, { CHASQUI_DATASYNC_STATUS_PORT: `${datasync}` });
    const api = port();
    add('api', 'api', api, { CHASQUI_PORT: `${api}` });
    const cluster = new ProcessCluster(dataDir, `http://127.0.0.1:${api}`, wsUrls, members);
    await using stack = new AsyncDisposableStack();
    stack.use(cluster);
    for (const name of members.keys()) cluster.run(name);
    await cluster.ready();
    stack.move();
    return cluster;
  }

  get names(): string[] {
    return [...this.#members.keys()];
  }

  /** Starts a member that does not run. */
  run(name: string): void {
    const member = this.#member(name);
    if (member.child !== null) return;
    const log = openSync(join(this.dataDir, 'logs', `${name}.log`), 'a');
    const child = spawn(process.execPath, [join(ROOT, 'apps', member.app, 'src/main.ts')], {
      cwd: ROOT,
      env: {
        ...process.env,
        CHASQUI_DATA_DIR: this.dataDir,
        CHASQUI_JWT_SECRET: JWT_SECRET,
        CHASQUI_LOG_LEVEL: 'info',
        ...member.env,
      },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    member.child = child;
    child.once('exit', () => {
      if (member.child === child) member.child = null;
    });
  }

  /** Sends a signal; resolves to the exit code once the process has ended, if the signal ends it. */
  async signal(name: string, signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<number | null> {
    const { child } = this.#member(name);
    if (child === null) return null;
    const ended = once(child, 'exit');
    child.kill(signal);
    if (signal === 'SIGSTOP' || signal === 'SIGCONT') return null;
    const [code] = await ended;
    return code as number | null;
  }

  /** Resolves when every running member with a status port is ready. Errors: names the one that is not within 30 s. */
  async ready(): Promise<void> {
    for (const [name, { readyUrl }] of this.#members) {
      if (readyUrl === null) continue;
      const end = performance.now() + READY_MS;
      while (!(await isReady(readyUrl))) {
        if (performance.now() > end) throw new Error(`${name} is not ready; see ${this.dataDir}/logs/${name}.log`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  token(userId: string): Promise<string> {
    const issuer = createTokenIssuer({ secret: JWT_SECRET, clock: systemClock, accessTtlS: 3600, refreshTtlS: 7200 });
    return issuer.issue(userId).then(({ accessToken }) => accessToken);
  }

  /** The engines, for looking at what is really there. */
  engines(): Promise<RemoteEngines> {
    return connectEmbeddedEngines({
      path: join(this.dataDir, 'engine.sock'),
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The engines last: the others drain into them.
    const others = this.names.filter((name) => name !== 'engine');
    for (const name of others) await this.signal(name, 'SIGCONT');
    await Promise.all(others.map((name) => this.#end(name)));
    await this.#end('engine');
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** In good order, or by force after 20 s. */
  async #end(name: string): Promise<void> {
    const force = setTimeout(() => void this.signal(name, 'SIGKILL'), 20_000);
    await this.signal(name, 'SIGTERM');
    clearTimeout(force);
  }

  #member(name: string): Member {
    const member = this.#members.get(name);
    if (member === undefined) throw new Error(`no process ${name}; there are ${this.names.join(', ')}`);
    return member;
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
