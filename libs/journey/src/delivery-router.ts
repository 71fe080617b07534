import type { DevicePresence, NodeInfo, UserId } from '@chasqui/domain';
import { ImError } from '@chasqui/domain';
import { Batcher, type Logger } from '@chasqui/kit';
import type { Delivery, DeliveryHandler, PeerLink, Presence } from '@chasqui/ports';
import type { NodeDirectory } from './node-directory.ts';

/** A delivery and, where it is known without a look-up, the node that holds the session. */
export interface RoutedDelivery extends Delivery {
  nodeId?: string;
  /** Where given, gets the ids of the nodes whose sessions took it. */
  takenBy?: string[];
}

export interface DeliveryRouterOptions {
  presence: Presence;
  directory: NodeDirectory;
  peers: PeerLink;
  /** On a Connect node: its own sockets, reached without a detour. */
  local?: { nodeId: string; deliver: DeliveryHandler };
  logger: Logger;
}

/** Node ids with what is needed to reach them; null: this node. */
type Targets = Map<string, NodeInfo | null>;
const NOWHERE: Targets = new Map();

/** Users whose presence is being looked up at once, and waiting to be. */
const LOOKUP_BATCH = 1_000;
const LOOKUP_WAITING = 200_000;

/**
 * Finds the nodes that hold a user's devices and delivers there, in the order of the calls. Delivering is at most once:
 * whoever must not be missed is in the inbox.
 */
export class DeliveryRouter {
  readonly #options: DeliveryRouterOptions;
  readonly #lookups: Batcher<UserId, DevicePresence[] | null>;
  #lastTurn: Promise<void> = Promise.resolve();

  constructor(options: DeliveryRouterOptions) {
    this.#options = options;
    this.#lookups = new Batcher({
      maxItems: LOOKUP_BATCH,
      maxWaiting: LOOKUP_WAITING,
      full: () => new ImError('overloaded', 'too many presence look-ups wait'),
      run: (userIds) => this.#lookup(userIds),
    });
  }

  /** For each delivery, in order: how many sessions took it. 0: the user is nowhere, or where the user is did not answer. */
  async route(deliveries: readonly RoutedDelivery[]): Promise<number[]> {
    const counts = new Array<number>(deliveries.length).fill(0);
    if (deliveries.length === 0) return counts;
    // Look-ups run side by side, but what they find is handed to the peers in the order of the calls.
    const turn = Promise.all([this.#targets(deliveries), this.#lastTurn]);
    this.#lastTurn = turn.then(() => {});
    const [targets] = await turn;
    const byNode = new Map<string, { node: NodeInfo | null; indexes: number[] }>();
    for (const [index, nodes] of targets.entries()) {
      for (const [nodeId, node] of nodes) {
        const group = byNode.get(nodeId);
        if (group === undefined) byNode.set(nodeId, { node, indexes: [index] });
        else group.indexes.push(index);
      }
    }
    await Promise.all(
      [...byNode].map(async ([nodeId, { node, indexes }]) => {
        const taken = await this.#deliver(
          node,
          indexes.map((index) => deliveries[index] as RoutedDelivery),
        );
        for (const [i, index] of indexes.entries()) {
          const count = taken[i] ?? 0;
          counts[index] = (counts[index] ?? 0) + count;
          if (count > 0) deliveries[index]?.takenBy?.push(nodeId);
        }
      }),
    );
    return counts;
  }

  /** Which nodes each delivery goes to. One look-up a user, shared by everything routed in the same turn. */
  async #targets(deliveries: readonly RoutedDelivery[]): Promise<Targets[]> {
    const lookups = new Map<UserId, Promise<DevicePresence[] | null>>();
    for (const { nodeId, userId } of deliveries) {
      if (nodeId === undefined && !lookups.has(userId)) {
        lookups.set(
          userId,
          this.#lookups.add(userId).catch(() => null),
        );
      }
    }
    const found = new Map<UserId, DevicePresence[] | null>();
    for (const [userId, lookup] of lookups) found.set(userId, await lookup);
    const targets: Targets[] = [];
    for (const delivery of deliveries) {
      const devices = found.get(delivery.userId) ?? null;
      if (delivery.nodeId === undefined && devices === null) {
        // Presence is away: every node is asked, as each knows its own sockets.
        targets.push(new Map((await this.#options.directory.all()).map((node) => [node.nodeId, node])));
        continue;
      }
      const nodeIds = delivery.nodeId === undefined ? nodesOf(devices ?? [], delivery) : [delivery.nodeId];
      // Nodes are known as a rule: to wait for each would cost as much as the rest.
      targets.push(this.#known(nodeIds) ?? (await this.#resolve(nodeIds)));
    }
    return targets;
  }

  /** Where the nodes are; null stands for this one. Undefined when one has to be asked for. */
  #known(nodeIds: readonly string[]): Targets | undefined {
    if (nodeIds.length === 0) return NOWHERE;
    const { directory, local } = this.#options;
    const targets: Targets = new Map();
    for (const nodeId of nodeIds) {
      const node = nodeId === local?.nodeId ? null : directory.peek(nodeId);
      if (node === undefined) return undefined;
      targets.set(nodeId, node);
    }
    return targets;
  }

  /** The nodes that are known to live. */
  async #resolve(nodeIds: readonly string[]): Promise<Targets> {
    const { directory, local } = this.#options;
    const targets: Targets = new Map();
    for (const nodeId of nodeIds) {
      const node = nodeId === local?.nodeId ? null : await directory.find(nodeId);
      if (node !== undefined) targets.set(nodeId, node);
    }
    return targets;
  }

  async #lookup(userIds: UserId[]): Promise<(DevicePresence[] | null)[]> {
    try {
      return await this.#options.presence.lookup(userIds);
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'presence is away: delivering by asking every node');
      return userIds.map(() => null);
    }
  }

  async #deliver(node: NodeInfo | null, deliveries: readonly RoutedDelivery[]): Promise<number[]> {
    const { local, peers, logger } = this.#options;
    if (node === null || node.nodeId === local?.nodeId) return local?.deliver(deliveries) ?? [];
    try {
      return await peers.deliver(node, deliveries);
    } catch (error) {
      // The peer link has warned of the node; a line for each call would cost as much as the messages do.
      logger.debug({ err: error, peer: node.nodeId, deliveries: deliveries.length }, 'deliveries were not taken');
      return [];
    }
  }
}

function nodesOf(devices: readonly DevicePresence[], { onlySession, exceptSession }: Delivery): string[] {
  const nodeIds: string[] = [];
  for (const { sessionId, nodeId } of devices) {
    if (onlySession !== undefined && sessionId !== onlySession) continue;
    if (sessionId === exceptSession || nodeIds.includes(nodeId)) continue;
    nodeIds.push(nodeId);
  }
  return nodeIds;
}
