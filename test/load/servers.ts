import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadStage, LoadTarget } from '@chasqui/app-cli/load';
import { fetchNodes } from '@chasqui/app-cli/load';
import type { Limits } from '@chasqui/domain';
import { systemClock } from '@chasqui/kit';
import { createTokenIssuer } from '@chasqui/tokens';
import { ServerProcess } from './server-process.ts';
import type { Watched } from './watched.ts';

const ROOT = join(import.meta.dirname, '../..');
const JWT_SECRET = 'a secret of the load bench, which listens on loopback';

/** A server to be measured, and the meaning of its acks. */
export interface Contender extends AsyncDisposable {
  name: string;
  process: Watched;
  target: LoadTarget;
  /** The stages that this server supports. */
  stages: readonly LoadStage[];
  /** The address of the API, if it has one. */
  api?: string;
}

/** A server that is a separate process. */
export interface OwnProcess extends Contender {
  process: ServerProcess;
}

/** A server whose stores can be reached. */
export interface InstalledProcess extends OwnProcess {
  dataDir: string;
}

/** The flags that `npm start` gives to Node, and its cache of compiled code: without it, each thread loads the compiler. */
function startCommand(): { args: string[]; env: { [name: string]: string } } {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } };
  const [, cache, command] = /^NODE_COMPILE_CACHE=\$PWD(\S+) exec node (.+)$/.exec(scripts.start) ?? [];
  if (cache === undefined || command === undefined) throw new Error(`npm start is not what it was: ${scripts.start}`);
  return { args: command.split(' '), env: { NODE_COMPILE_CACHE: join(ROOT, cache) } };
}

/**
 * The whole of Chasqui in one process with two Connect nodes, on its embedded engines. `dataDir`: removed when the server
 * is disposed; default: an empty one.
 */
export async function startChasqui(
  nodeFlags: readonly string[] = [],
  env: { [name: string]: string } = {},
  dataDir?: string,
): Promise<InstalledProcess> {
  const start = startCommand();
  const args = (folder: string) => [...start.args, '--port', '0', '--data', folder];
  return startServer({
    args,
    nodeFlags,
    env: { ...start.env, ...env },
    dataDir,
    ready: /Page and API\s+(\S+)\s[\s\S]*Stop with/,
  });
}

/** The same, with other limits. */
export async function startWithLimits(limits: Partial<Limits>): Promise<OwnProcess> {
  const start = startCommand();
  const flags = start.args.filter((arg) => arg.startsWith('--'));
  const script = join(import.meta.dirname, 'limited-server.ts');
  const args = (dataDir: string) => [...flags, script, dataDir, JSON.stringify(limits)];
  return startServer({ args, nodeFlags: [], env: start.env, ready: /listening at (\S+)\s/ });
}

interface ServerStart {
  args(dataDir: string): readonly string[];
  nodeFlags: readonly string[];
  env: { [name: string]: string };
  dataDir?: string | undefined;
  ready: RegExp;
}

async function startServer({ args, nodeFlags, env, ready, ...given }: ServerStart): Promise<InstalledProcess> {
  const dataDir = given.dataDir ?? (await mkdtemp(join(tmpdir(), 'chasqui-bench-')));
  const server = await ServerProcess.start({
    args: args(dataDir),
    cwd: ROOT,
    nodeFlags,
    env: { CHASQUI_JWT_SECRET: JWT_SECRET, CHASQUI_LOG_LEVEL: process.env.CHASQUI_LOG_LEVEL ?? 'error', ...env },
    ready,
  });
  const issuer = createTokenIssuer({ secret: JWT_SECRET, clock: systemClock, accessTtlS: 7200, refreshTtlS: 7200 });
  return {
    name: 'Chasqui',
    process: server,
    dataDir,
    target: {
      nodes: await fetchNodes(server.where),
      token: async (userId) => (await issuer.issue(userId)).accessToken,
    },
    stages: ['queued', 'stored', 'received', 'delivered'],
    api: server.where,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** An upper bound: a bare relay, or one that acks only what a log has on disk. */
export async function startRelay({
  log,
  nodeFlags = [],
}: {
  log: boolean;
  nodeFlags?: readonly string[];
}): Promise<OwnProcess> {
  const dir = await mkdtemp(join(tmpdir(), 'chasqui-bench-relay-'));
  const server = await ServerProcess.start({
    args: [join(import.meta.dirname, 'limits/relay.ts'), ...(log ? [join(dir, 'log')] : [])],
    nodeFlags,
    ready: /listening on (\d+)/,
  });
  return {
    name: log ? 'limit: relay with a log, synced every 5 ms' : 'limit: bare relay',
    process: server,
    target: { nodes: [`ws://127.0.0.1:${server.where}/ws`], token: async (userId) => userId },
    stages: ['queued', 'received'],
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
