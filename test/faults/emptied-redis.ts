import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { GroupNodes } from '@chasqui/ports';
import { redis } from '../../deploy/engines/redis.ts';
import { History } from '../checker/index.ts';
import type { ProcessCluster } from '../cluster/process-cluster.ts';
import { Device } from './device.ts';
import { GroupCalls } from './group-calls.ts';
import type { Trouble } from './trouble.ts';

/** `nodeLeaseMs`. */
const LEASE_MS = 8_000;
/** How long the watchers may take to come online after other faults. */
const ONLINE_MS = 60_000;
const LOOK_MS = 100;

let watched = 0;

/**
 * A new group with a member online on each node, who stays there. Other groups do not show what is lost: their members
 * come and go, and a node that was killed stays among their subscribers for an hour.
 */
export const REDIS_EMPTIED: Trouble = {
  name: 'Redis is emptied: subscriptions to groups come back within a lease',
  forgets: true,
  async run(cluster) {
    await using engines = await cluster.engines();
    using watch = await Watch.start(cluster, engines.groupNodes);
    await watch.subscribed(ONLINE_MS);
    await promisify(execFile)('redis-cli', ['-u', redis.settings.CHASQUI_REDIS_URL ?? '', 'FLUSHALL']);
    const ms = await watch.subscribed(LEASE_MS);
    return `redis, subscriptions back after ${(ms / 1_000).toFixed(1)} s`;
  },
};

class Watch implements Disposable {
  readonly #group: string;
  readonly #devices: readonly Device[];
  readonly #groupNodes: Pick<GroupNodes, 'nodesOf'>;

  private constructor(group: string, devices: readonly Device[], groupNodes: Pick<GroupNodes, 'nodesOf'>) {
    this.#group = group;
    this.#devices = devices;
    this.#groupNodes = groupNodes;
  }

  static async start(cluster: ProcessCluster, groupNodes: Pick<GroupNodes, 'nodesOf'>): Promise<Watch> {
    const group = `watched-${++watched}`;
    const history = new History(() => performance.now());
    const users = cluster.wsUrls.map((_, n) => `${group}-${n}`);
    const tokens = new Map<string, string>();
    for (const user of users) tokens.set(user, await cluster.token(user));
    const [owner = '', ...members] = users;
    const profile = { name: group, description: '', picture: '', settings: {} };
    const calls = new GroupCalls(cluster.apiUrl, tokens, history);
    await calls.ask(owner, { change: 'create', conversationId: group, details: { ...profile, members } });
    const devices = users.map((user, n) => {
      const urls = cluster.wsUrls.slice(n, n + 1);
      const token = tokens.get(user) ?? '';
      return new Device({ user, deviceId: 'phone', token, urls, history, groups: { ids: [group], frames: [] } });
    });
    for (const device of devices) device.open();
    return new Watch(group, devices, groupNodes);
  }

  /** Resolves to the ms that it took until every node was subscribed. Errors: it took longer than `withinMs`. */
  async subscribed(withinMs: number): Promise<number> {
    const from = performance.now();
    for (;;) {
      const [nodes = []] = await this.#groupNodes.nodesOf([this.#group]);
      const ms = performance.now() - from;
      if (nodes.length === this.#devices.length) return ms;
      if (ms > withinMs) throw new Error(`after ${Math.round(ms)} ms, ${nodes.length} nodes are subscribed to a group`);
      await pause(LOOK_MS);
    }
  }

  [Symbol.dispose](): void {
    for (const device of this.#devices) device.close();
  }
}
