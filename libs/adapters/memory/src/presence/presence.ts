import type { Clock } from '@chasqui/domain';
import { type NodeRegistry, type Presence, STALE_LOGIN_MS } from '@chasqui/ports';
import { NodeLeases } from './node-leases.ts';
import { PresenceDirectory } from './presence-directory.ts';

export interface MemoryPresenceOptions {
  clock: Clock;
  /**
   * Maximum registered devices. At the bound, dead nodes are forgotten, the longest dead first; then calls fail with
   * `presence_unavailable`. Default 1 000 000.
   */
  maxEntries?: number;
  /** Maximum known nodes, including dead ones, with the same behaviour at the bound. Default 10 000. */
  maxNodes?: number;
}

/** Presence and node leases in memory: soft state that ends with its process, after which the nodes register again. */
export function createMemoryPresence({ clock, maxEntries = 1_000_000, maxNodes = 10_000 }: MemoryPresenceOptions): {
  presence: Presence;
  nodes: NodeRegistry;
} {
  const leases = new NodeLeases(clock, maxNodes);
  const directory = new PresenceDirectory(maxEntries);

  const forget = (nodeId: string): void => {
    leases.forget(nodeId);
    directory.dropNode(nodeId);
  };
  /** Makes room by forgetting the entries of unknown and dead nodes. */
  const makeRoom = (full: () => boolean): void => {
    if (!full()) return;
    for (const nodeId of directory.nodeIds()) {
      if (!full()) return;
      if (!leases.knows(nodeId)) directory.dropNode(nodeId);
    }
    for (let dead = leases.longestDead(); full() && dead !== undefined; dead = leases.longestDead()) forget(dead);
  };

  const presence: Presence = {
    async register(entry) {
      const newer = directory
        .of(entry.userId)
        .find(({ deviceId, since }) => deviceId === entry.deviceId && since - entry.since > STALE_LOGIN_MS);
      if (newer !== undefined && leases.stands(newer.nodeId)) return { others: [], replaced: null, newer };
      makeRoom(() => directory.full);
      const replaced = directory.put(entry);
      const others = directory.of(entry.userId).filter((other) => other.deviceId !== entry.deviceId);
      return {
        others: others.filter(({ nodeId }) => leases.stands(nodeId)),
        replaced: replaced?.sessionId === entry.sessionId ? null : replaced,
        newer: null,
      };
    },
    async unregister(key) {
      return directory.take(key);
    },
    async lookup(userIds) {
      return userIds.map((userId) => directory.of(userId).filter(({ nodeId }) => leases.stands(nodeId)));
    },
    async onNode(nodeId, cursor, limit) {
      return directory.page(nodeId, cursor, limit);
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };

  const nodes: NodeRegistry = {
    async renew(node, leaseMs) {
      makeRoom(() => leases.full && !leases.knows(node.nodeId));
      return leases.renew(node, leaseMs);
    },
    async remove(nodeId) {
      forget(nodeId);
    },
    async live() {
      return leases.live();
    },
    async claimDead(claimMs) {
      return leases.claimDead(claimMs);
    },
    async settle(nodeId) {
      // A node that returned meanwhile has registered its sessions again.
      if (!leases.stands(nodeId)) forget(nodeId);
    },
    async [Symbol.asyncDispose]() {},
  };

  return { presence, nodes };
}
