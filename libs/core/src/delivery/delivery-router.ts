import type { ConversationId, DevicePresence, NodeInfo, UserId } from '@chasqui/domain';
import { ImError } from '@chasqui/domain';
import { Batcher, type Logger } from '@chasqui/kit';
import type { Delivery, DeliveryHandler, GroupNodes, PeerLink, Presence } from '@chasqui/ports';
import type { NodeDirectory } from './node-directory.ts';

/** A delivery, and the node that holds the session, if known without a look-up. */
export interface RoutedDelivery extends Delivery {
  nodeId?: string;
  /** If given, receives the ids of the nodes whose sessions took the delivery. */
  takenBy?: string[];
}

export interface DeliveryRouterOptions {
  presence: Presence;
  groupNodes: Pick<GroupNodes, 'nodesOf'>;
  directory: NodeDirectory;
  peers: PeerLink;
  /** Only on a Connect node: delivery to its own sockets, without the peer link. */
  local?: { nodeId: string; deliver: DeliveryHandler };
  logger: Logger;
}

/** The deliveries for one node (null: this one), by index. */
interface Share {
  nodeId: string;
  node: NodeInfo | null;
  indexes: number[];
}

/** The devices of users; null: presence is unavailable. A user without devices is offline. */
type Whereabouts = ReadonlyMap<UserId, readonly DevicePresence[]> | null;
export type Located = Whereabouts | Promise<Whereabouts>;
const NOBODY: ReadonlyMap<UserId, readonly DevicePresence[]> = new Map();
/** The nodes that subscribed to groups; null: that is not known for now. */
type Subscribers = ReadonlyMap<ConversationId, readonly string[]> | null;
const NO_GROUPS: Subscribers = new Map();

/** Maximum number of users or groups per look-up, and of `route` calls that may wait for look-ups. */
const LOOKUP_BATCH = 1_000;
const LOOKUP_WAITING = 50_000;

/**
 * Finds the nodes with a user's devices and delivers there, in the order of the calls. At most once: updates that must
 * not be lost are in the inbox.
 */
export class DeliveryRouter {
  readonly #options: DeliveryRouterOptions;
  readonly #lookups: Batcher<readonly UserId[], Whereabouts>;
  readonly #groupLookups: Batcher<readonly ConversationId[], Subscribers>;
  #lastTurn: Promise<void> = Promise.resolve();

  constructor(options: DeliveryRouterOptions) {
    this.#options = options;
    this.#lookups = new Batcher({
      maxItems: LOOKUP_BATCH,
      maxWaiting: LOOKUP_WAITING,
      full: () => new ImError('overloaded', 'too many presence lookups are waiting'),
      run: (calls) => this.#lookup(calls),
    });
    this.#groupLookups = new Batcher({
      maxItems: LOOKUP_BATCH,
      maxWaiting: LOOKUP_WAITING,
      full: () => new ImError('overloaded', 'too many lookups of groups are waiting'),
      run: (calls) => this.#lookupGroups(calls),
    });
  }

  /** Looks up users' devices for deliveries that are routed a moment later. Never rejects. */
  locate(userIds: readonly UserId[]): Promise<Whereabouts> {
    return this.#lookups.add(userIds).catch(() => null);
  }

  /**
   * For each delivery, in order: how many sessions took it. 0: the user is offline, or the node did not answer. Never
   * rejects, so callers need not await it. `located`: what `locate` found a moment ago; whom it lacks is looked up.
   */
  async route(deliveries: readonly RoutedDelivery[], located: Located = NOBODY): Promise<number[]> {
    const counts = new Array<number>(deliveries.length).fill(0);
    if (deliveries.length === 0) return counts;
    // Look-ups run in parallel, but their results are handed to the peers in the order of the calls.
    const found = this.#shares(deliveries, located);
    const before = this.#lastTurn;
    // A promise retains the value it resolved to: if turns resolved to their shares, each would retain those of all
    // earlier turns.
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

  /** Assigns the deliveries to live nodes. */
  async #shares(deliveries: readonly RoutedDelivery[], located: Located): Promise<Share[]> {
    const { directory, local } = this.#options;
    const asked = this.#subscribers(deliveries);
    const whereabouts = await this.#whereabouts(deliveries, located);
    const subscribers = asked === NO_GROUPS ? asked : await asked;
    const everywhere = whereabouts === null || subscribers === null ? await directory.all() : [];
    const places = new Map<string, number[]>();
    const add = (nodeId: string, index: number) => {
      const indexes = places.get(nodeId);
      if (indexes === undefined) places.set(nodeId, [index]);
      else if (indexes.at(-1) !== index) indexes.push(index);
    };
    for (let index = 0; index < deliveries.length; index++) {
      const delivery = deliveries[index] as RoutedDelivery;
      const { userId, nodeId, group, onlySession, exceptSession } = delivery;
      if (nodeId !== undefined) add(nodeId, index);
      else if (group !== undefined) {
        // Once to each node, whatever the number of members there (C19); each knows its own. This node too must have
        // subscribed: if subscriptions were lost, changes of members may have passed it by (C20).
        if (subscribers === null && local !== undefined) add(local.nodeId, index);
        const nodeIds = subscribers === null ? everywhere.map((node) => node.nodeId) : (subscribers.get(group) ?? []);
        for (const id of nodeIds) add(id, index);
      }
      // Presence is unavailable, so every node gets the delivery; each knows its own sockets.
      else if (whereabouts === null) for (const node of everywhere) add(node.nodeId, index);
      else {
        for (const device of whereabouts.get(userId) ?? []) {
          if (onlySession !== undefined && device.sessionId !== onlySession) continue;
          if (device.sessionId !== exceptSession) add(device.nodeId, index);
        }
      }
    }
    const shares: Share[] = [];
    for (const [nodeId, indexes] of places) {
      const node = nodeId === local?.nodeId ? null : (directory.peek(nodeId) ?? (await directory.find(nodeId)));
      if (node !== undefined) shares.push({ nodeId, node, indexes });
      else void this.#answerLater(nodeId, indexes.map((index) => deliveries[index] as RoutedDelivery).filter(isAnswer));
    }
    return shares;
  }

  /**
   * A node that has just started may be in no list yet: what answers one of its sessions goes to it a little later, as
   * nothing else brings an ack. Never rejects.
   */
  async #answerLater(nodeId: string, answers: readonly RoutedDelivery[]): Promise<void> {
    if (answers.length === 0) return;
    const node = await this.#options.directory.findLater(nodeId);
    if (node !== undefined) await this.#hand(node, answers);
  }

  /** One look-up per user, shared by all deliveries routed in the same turn. */
  async #whereabouts(deliveries: readonly RoutedDelivery[], located: Located): Promise<Whereabouts> {
    const users = new Set<UserId>();
    for (const { nodeId, group, userId } of deliveries)
      if (nodeId === undefined && group === undefined) users.add(userId);
    const known = located === NOBODY ? NOBODY : await located;
    if (known === null || users.keys().every((userId) => known.has(userId))) return known;
    return this.locate([...users]);
  }

  async #lookup(calls: readonly (readonly UserId[])[]): Promise<Whereabouts[]> {
    const users = calls.length === 1 ? (calls[0] ?? []) : [...new Set(calls.flat())];
    const found = new Map<UserId, readonly DevicePresence[]>();
    try {
      for (let start = 0; start < users.length; start += LOOKUP_BATCH) {
        const some = users.length > LOOKUP_BATCH ? users.slice(start, start + LOOKUP_BATCH) : users;
        const devices = await this.#options.presence.lookup(some);
        for (let i = 0; i < some.length; i++) found.set(some[i] as UserId, devices[i] ?? []);
      }
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'presence is unavailable: sending deliveries to every node');
      return calls.map(() => null);
    }
    return calls.map(() => found);
  }

  /** Never rejects. */
  #subscribers(deliveries: readonly RoutedDelivery[]): Subscribers | Promise<Subscribers> {
    const groups = new Set<ConversationId>();
    for (const { nodeId, group } of deliveries) if (nodeId === undefined && group !== undefined) groups.add(group);
    if (groups.size === 0) return NO_GROUPS;
    return this.#groupLookups.add([...groups]).catch(() => null);
  }

  async #lookupGroups(calls: readonly (readonly ConversationId[])[]): Promise<Subscribers[]> {
    const groups = [...new Set(calls.flat())];
    try {
      const nodes = await this.#options.groupNodes.nodesOf(groups);
      const found = new Map(groups.map((group, index) => [group, nodes[index] ?? []]));
      return calls.map(() => found);
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'presence is unavailable: sending what is for groups to every node');
      return calls.map(() => null);
    }
  }

  /** Delivers a node's share, and adds up how many sessions took each delivery. */
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
      // The peer link has logged a warning about the node; a line per call would cost as much as the messages do.
      const fields = { err: error, peer: node?.nodeId, deliveries: deliveries.length };
      if (node === null) logger.error(fields, 'this node could not accept deliveries');
      else logger.debug(fields, 'deliveries were not accepted');
      return [];
    }
  }
}

function isAnswer({ nodeId, onlySession }: RoutedDelivery): boolean {
  return nodeId !== undefined && onlySession !== undefined;
}
