import type { EngineSet } from '../../deploy/engines/local-engines.ts';
import type { ProcessCluster } from '../cluster/process-cluster.ts';
import { engineTroubles } from './engine-troubles.ts';
import { fullDisks } from './full-disks.ts';
import type { Trouble } from './trouble.ts';

/** Longer than a node's lease (8 s) and than a consumer's session timeout (10 s). */
const FREEZE_MS = 11_000;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const of = (cluster: ProcessCluster, app: string) => cluster.names.filter((name) => name.startsWith(app));

async function killAndRestart(cluster: ProcessCluster, name: string, downMs: number): Promise<string> {
  await cluster.signal(name, 'SIGKILL');
  await pause(downMs);
  cluster.run(name);
  return name;
}

async function freeze(cluster: ProcessCluster, name: string): Promise<string> {
  await cluster.signal(name, 'SIGSTOP');
  await pause(FREEZE_MS);
  await cluster.signal(name, 'SIGCONT');
  return name;
}

/** Faults of the processes of any cluster. Most were reported by users of other servers; their names say where. */
const TROUBLES: readonly Trouble[] = [
  {
    name: 'a consumer of the bus dies (open-im-server #3080: an acked message lost)',
    run: (cluster, pick) => killAndRestart(cluster, pick(of(cluster, 'business')), 1_000),
  },
  {
    name: 'rolling restart of every Connect node (WuKongIM #397: users wrongly shown offline)',
    async run(cluster) {
      const nodes = of(cluster, 'connect');
      for (const name of nodes) {
        await cluster.signal(name, 'SIGTERM');
        cluster.run(name);
        await pause(1_500);
      }
      return nodes.join(', ');
    },
  },
  {
    name: 'a Connect node freezes beyond its lease (ejabberd #417: messages lost on a half-open connection)',
    run: (cluster, pick) => freeze(cluster, pick(of(cluster, 'connect'))),
  },
  {
    name: "the receiver's node dies (turms #1448: stored but never delivered)",
    run: (cluster, pick) => killAndRestart(cluster, pick(of(cluster, 'connect')), 2_000),
  },
  {
    name: 'all processes die at once (openim-sdk-core #845: duplicates after a restart)',
    forgets: true,
    async run(cluster) {
      await Promise.all(cluster.names.map((name) => cluster.signal(name, 'SIGKILL')));
      for (const name of cluster.names) cluster.run(name);
      return 'all';
    },
  },
  {
    name: 'a consumer freezes and resumes with outdated work (open-im-server #2807, WuKongIM #461: unread counts wrong)',
    run: (cluster, pick) => freeze(cluster, pick(of(cluster, 'business'))),
  },
  { name: 'Hooks dies while it delivers', run: (cluster) => killAndRestart(cluster, 'hooks', 500) },
  {
    name: 'the search index falls behind (tinode #675, Rocket.Chat #15219: search misses messages)',
    run: (cluster) => killAndRestart(cluster, 'datasync', 3_000),
  },
  { name: 'the API dies', run: (cluster) => killAndRestart(cluster, 'api', 500) },
];

const ENGINE = 'engine';

/** Faults of the process of the embedded engines, which play every role. */
const EMBEDDED_TROUBLES: readonly Trouble[] = [
  {
    name: 'the engines die, and all caches and presence are lost (open-im-server #3249, turms #1569: sequence numbers broken)',
    forgets: true,
    run: (cluster) => killAndRestart(cluster, ENGINE, 500),
  },
  { name: 'the engines freeze', forgets: true, run: (cluster) => freeze(cluster, ENGINE) },
];

/** The same where they play the roles for which the set of engines has none. */
const PARTLY_EMBEDDED_TROUBLES: readonly Trouble[] = [
  { name: 'the process of the embedded engines dies', run: (cluster) => killAndRestart(cluster, ENGINE, 500) },
  { name: 'the process of the embedded engines freezes', run: (cluster) => freeze(cluster, ENGINE) },
];

/** Those of a cluster of two Connect nodes, each with about half of every group's members online. */
const GROUP_TROUBLES: readonly Trouble[] = [
  {
    name: "the Connect node with half of a group's members is killed",
    run: (cluster, pick) => killAndRestart(cluster, pick(of(cluster, 'connect')), 2_000),
  },
];

export interface Kind {
  /** The engines of this machine; undefined: the embedded ones. */
  set: EngineSet | undefined;
  groups?: boolean;
  /** Disks that are full, instead of the others. */
  disks: boolean;
}

/** Those that a cluster can have. */
export function troublesOf(
  { names }: Pick<ProcessCluster, 'names'>,
  { set, groups = false, disks }: Kind,
): readonly Trouble[] {
  if (disks) return fullDisks(set, names.includes(ENGINE));
  const own = groups ? [...GROUP_TROUBLES, ...TROUBLES] : TROUBLES;
  if (set === undefined) return [...own, ...EMBEDDED_TROUBLES];
  return [...own, ...(names.includes(ENGINE) ? PARTLY_EMBEDDED_TROUBLES : []), ...engineTroubles(set)];
}
