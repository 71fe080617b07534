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

/** What goes to one node (null: this one), by the places of the deliveries. */
interface Share {
  nodeId: string;
  node: NodeInfo | null;
  indexes: number[];
}

/** Where users are; null: presence is away, and who is not in it is nowhere. */
type Whereabouts = ReadonlyMap<UserId, readonly DevicePresence[]> | null;
const NOBODY: Whereabouts = new Map();

/** Users looked up in one call, and calls of `route` that may wait for their look-ups. */
const LOOKUP_BATCH = 1_000;
const LOOKUP_WAITING = 50_000;

/**
 * Finds the nodes that hold a user's devices and delivers there, in the order of the calls. Delivering is at most once:
 * whoever must not be missed is in the inbox.
 */
export class DeliveryRouter {
  readonly #options: DeliveryRouterOptions;
  readonly #lookups: Batcher<readonly UserId[], Whereabouts>;
  #lastTurn: Promise<void> = Promise.resolve();

  constructor(options: DeliveryRouterOptions) {
    this.#options = options;
    this.#lookups = new Batcher({
      maxItems: LOOKUP_BATCH,
      maxWaiting: LOOKUP_WAITING,
      full: () => new ImError('overloaded', 'too many presence lookups are waiting'),
      run: (calls) => this.#lookup(calls),
    });
  }

  /**
   * For each delivery, in order: how many sessions took it. 0: the user is nowhere, or where the user is did not answer.
   * Never rejects: nobody has to wait for it.
   */
  async route(deliveries: readonly RoutedDelivery[]): Promise<number[]> {
    const counts = new Array<number>(deliveries.length).fill(0);
    if (deliveries.length === 0) return counts;
    // Look-ups run side by side, but what they find is handed to the peers in the order of the calls.
    const found = this.#shares(deliveries);
    const before = this.#lastTurn;
    // A promise keeps what it resolved to: a turn that resolved to its shares would hold those of every turn before it.
    const turn = found.then(
      () => before,
      () => before,
    );
    this.#lastTurn = turn;
    await turn;
    try {
      const shares = await found;
      await Promise.all(shares.map((share) => this.#deliver(share, deliveries, counts)));
    } catch (error) {
      this.#options.logger.error({ err: error, deliveries: deliveries.length }, 'deliveries failed');
    }
    return counts;
  }

  /** Which of the nodes that live get what. */
  async #shares(deliveries: readonly RoutedDelivery[]): Promise<Share[]> {
    const whereabouts = await this.#whereabouts(deliveries);
    const everywhere = whereabouts === null ? await this.#options.directory.all() : [];
    const places = new Map<string, number[]>();
    const add = (nodeId: string, index: number) => {
      const indexes = places.get(nodeId);
      if (indexes === undefined) places.set(nodeId, [index]);
      else if (indexes.at(-1) !== index) indexes.push(index);
    };
    for (let index = 0; index < deliveries.length; index++) {
      const delivery = deliveries[index] as RoutedDelivery;
      const { userId, nodeId, onlySession, exceptSession } = delivery;
      if (nodeId !== undefined) add(nodeId, index);
      // Each node knows its own sockets.
      else if (whereabouts === null) for (const node of everywhere) add(node.nodeId, index);
      else {
        for (const device of whereabouts.get(userId) ?? []) {
          if (onlySession !== undefined && device.sessionId !== onlySession) continue;
          if (device.sessionId !== exceptSession) add(device.nodeId, index);
        }
      }
    }
    const shares: Share[] = [];
    const { directory, local } = this.#options;
    for (const [nodeId, indexes] of places) {
      const node = nodeId === local?.nodeId ? null : (directory.peek(nodeId) ?? (await directory.find(nodeId)));
      if (node !== undefined) shares.push({ nodeId, node, indexes });
    }
    return shares;
  }

  /** One look-up a user, shared by everything routed in the same turn. */
  async #whereabouts(deliveries: readonly RoutedDelivery[]): Promise<Whereabouts> {
    const users = new Set<UserId>();
    for (const { nodeId, userId } of deliveries) if (nodeId === undefined) users.add(userId);
    if (users.size === 0) return NOBODY;
    return this.#lookups.add([...users]).catch(() => null);
  }

  async #lookup(calls: readonly (readonly UserId[])[]): Promise<Whereabouts[]> {
    const users = [...(calls.length === 1 ? (calls[0] ?? []) : new Set(calls.flat()))];
    const found = new Map<UserId, readonly DevicePresence[]>();
    try {
      for (let start = 0; start < users.length; start += LOOKUP_BATCH) {
        const some = users.slice(start, start + LOOKUP_BATCH);
        const devices = await this.#options.presence.lookup(some);
        for (const [index, userId] of some.entries()) found.set(userId, devices[index] ?? []);
      }
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'presence is unavailable: sending deliveries to every node');
      return calls.map(() => null);
    }
    return calls.map(() => found);
  }

  /** Hands a node its share, and adds up how many sessions took what. */
  async #deliver(
    { nodeId, node, indexes }: Share,
    deliveries: readonly RoutedDelivery[],
    counts: number[],
  ): Promise<void> {
    const own = indexes.map((index) => deliveries[index] as RoutedDelivery);
    const taken = await this.#hand(node, own);
    for (const [place, index] of indexes.entries()) {
      const count = taken[place] ?? 0;
      counts[index] = (counts[index] ?? 0) + count;
      if (count > 0) deliveries[index]?.takenBy?.push(nodeId);
    }
  }

  async #hand(node: NodeInfo | null, deliveries: readonly RoutedDelivery[]): Promise<readonly number[]> {
    const { local, peers, logger } = this.#options;
    try {
      if (node === null) return local?.deliver(deliveries) ?? [];
      return await peers.deliver(node, deliveries);
    } catch (error) {
      // The peer link has warned of the node; a line for each call would cost as much as the messages do.
      const fields = { err: error, peer: node?.nodeId, deliveries: deliveries.length };
      if (node === null) logger.error(fields, 'this node could not accept deliveries');
      else logger.debug(fields, 'deliveries were not accepted');
      return [];
    }
  }
}
