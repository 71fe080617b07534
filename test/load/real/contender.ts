import { livingProcesses } from '../../../deploy/engines/control.ts';
import { ENGINE_SETS, type EngineSet } from '../../../deploy/engines/local-engines.ts';
import { livingMembers } from '../../../deploy/engines/process-identity.ts';
import { ProcessCluster } from '../../cluster/process-cluster.ts';
import { createInstallation } from '../../real/installation.ts';
import { bytesToDiskOf, cpuSecondsOf, residentMbOf } from '../process-use.ts';
import type { Contender } from '../servers.ts';
import { CLIENT, type Part } from '../watched.ts';

/** A cluster of processes on the engines of this machine, measured together with them and with the load client. */
export type RealContender = Omit<Contender, 'name'>;

/** Every added node has its own users: this many pairs on each. */
export const PAIRS_PER_NODE = 50;

/** Few shards, as this machine has few cores: more events then arrive during one publish, so batches are larger. */
export const FEW_SHARDS = { CHASQUI_ROCKETMQ_SHARDS: '2', CHASQUI_RABBITMQ_SHARDS: '2' };

export interface RealClusterOptions {
  /** The engines, which `npm run engines:up` has started. */
  set: EngineSet;
  connect: number;
  /** Default 1. */
  business?: number;
  /** Given to each process. */
  env?: Record<string, string>;
}

/** Starts it, on a separate installation. */
export async function startOnEngines({ set, connect, business = 1, env }: RealClusterOptions): Promise<RealContender> {
  await using stack = new AsyncDisposableStack();
  const installation = stack.use(await createInstallation(set));
  const quiet = { CHASQUI_LOG_LEVEL: process.env.CHASQUI_LOG_LEVEL ?? 'error' };
  const cluster = stack.use(await ProcessCluster.start({ connect, business, installation, env: { ...quiet, ...env } }));
  const owned = stack.move();
  return {
    process: { parts: () => [...partsOf(cluster), ...engineParts(set), client()] },
    target: { nodes: cluster.wsUrls, token: (userId) => cluster.token(userId) },
    stages: ['queued', 'stored', 'received', 'delivered'],
    api: cluster.apiUrl,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** `connect-2` counts as Connect. */
function partsOf({ processes }: ProcessCluster): Part[] {
  return processes.names.map((name) => part(name.replace(/-\d+$/, ''), true, processes.pidOf(name) ?? 0));
}

function engineParts(set: EngineSet): Part[] {
  return ENGINE_SETS[set].flatMap(({ name }) =>
    livingProcesses(name).flatMap(({ pid }) => livingMembers(pid).map((member) => part(name, false, member))),
  );
}

const client = (): Part => part(CLIENT, false, process.pid);

function part(name: string, isOurs: boolean, pid: number): Part {
  return {
    ...{ name, isOurs },
    cpuSeconds: cpuSecondsOf(pid),
    residentMb: residentMbOf(pid),
    bytesWritten: bytesToDiskOf(pid),
  };
}
