import { Business } from '@chasqui/app-business/core';
import { ConnectNode } from '@chasqui/app-connect/core';
import { DataSync } from '@chasqui/app-datasync/core';
import { readUnread } from '@chasqui/core';
import { DEFAULT_LIMITS, type Limits } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { CLOSE_CODES } from '@chasqui/protocol';
import { BusAccess } from './bus-access.ts';
import { Mortal } from './mortal.ts';
import { API_PLACE, BUSINESS_PLACES, DATASYNC_PLACES } from './plan.ts';
import { Reach } from './reach.ts';
import { silentMetrics } from './silent-metrics.ts';
import type { World } from './world.ts';

/** Small, so that short runs reach the bounds. */
export const LIMITS: Limits = { ...DEFAULT_LIMITS, maxSyncPage: 20, maxSocketBacklogBytes: 16 * 1024 };

const DAY_MS = 24 * 3600 * 1000;

/** A running server process. */
export interface Server {
  process: Mortal;
  reach: Reach;
  bus: BusAccess;
  /** As SIGTERM. */
  drain(): Promise<void>;
}

/** Starts an app in a new process at a place (`connect-1`), for the `run`-th time. */
export type StartServer = (world: World, place: string, run: number) => Server;

/** A process with its ports, and what every app of it needs. */
export function processAt(world: World, place: string, run: number) {
  const { clock, dice, engines, counts } = world;
  const name = `${place}.${run}`;
  const process = new Mortal(name, clock, world.skews.get(place) ?? 0);
  const reach = new Reach(process, clock, dice.stream(`reach ${name}`));
  const { machines } = engines;
  const bus = new BusAccess({
    process,
    reach,
    machine: machines.bus,
    bus: () => engines.set.bus,
    world: clock,
    random: dice.stream(`bus ${name}`),
    duplicates: () => world.duplicates,
    onDuplicate: () => counts.add('duplicates'),
    // The pace that RocketMQ needs, or none.
    publishPaceMs: dice.stream(`pace ${name}`)() < 0.5 ? 15 : 0,
  });
  const ports = {
    bus,
    presence: reach.port(machines.redis, () => engines.set.presence),
    nodes: reach.port(machines.redis, () => engines.set.registry),
    groupNodes: reach.port(machines.redis, () => engines.set.groupNodes),
    dedupHints: reach.port(machines.redis, () => engines.set.dedup),
    unreadCache: reach.port(machines.redis, () => engines.set.unreadCache),
    offlineCache: reach.port(machines.redis, () => engines.set.offlineCache),
    conversations: reach.port(machines.store, () => engines.set.conversations),
    groups: reach.port(machines.store, () => engines.set.groups),
    conversationStates: reach.port(machines.store, () => engines.set.conversationStates),
    logs: reach.port(machines.store, () => engines.set.logs),
    messages: reach.port(machines.messages, () => engines.set.messages),
    locator: reach.port(machines.messages, () => engines.set.locator),
    profiles: reach.port(machines.store, () => engines.set.profiles),
    contacts: reach.port(machines.store, () => engines.set.contacts),
    blocks: reach.port(machines.store, () => engines.set.blocks),
    revocations: reach.port(machines.store, () => engines.set.revocations),
    devices: reach.port(machines.store, () => engines.set.devices),
    search: reach.port(machines.search, () => engines.set.search),
    serverEvents: reach.port(machines.store, () => engines.set.serverEvents),
    webhooks: reach.port(machines.store, () => engines.set.webhooks),
    holds: reach.port(machines.store, () => engines.set.holds),
    sweeps: reach.port(machines.store, () => engines.set.sweeps),
    attachments: reach.port(machines.store, () => engines.set.attachments),
    reactions: reach.port(machines.store, () => engines.set.reactions),
  };
  const runtime = {
    nodeId: name,
    clock: process.clock,
    random: dice.stream(name),
    limits: LIMITS,
    logger: silentLogger,
  };
  return { process, reach, bus, ports, runtime };
}

export const startConnect: StartServer = (world, place, run) => {
  const { process, reach, bus, ports, runtime } = processAt(world, place, run);
  const wsUrl = urlOf(place);
  const node = new ConnectNode(
    {
      runtime: {
        ...runtime,
        metrics: { frame() {}, accepted() {}, queued() {}, failed() {}, pushed() {}, closed() {} },
      },
      engines: ports,
      address: () => ({ wsUrl, peerAddress: place }),
      policies: { kickPolicy: 'none', blockedSenders: 'refuse' },
      peers: world.peers.linkFrom(place, process),
      verifier: {
        verify: async (token) => ({ userId: token, expiresAt: Number.POSITIVE_INFINITY, issuedAt: 0 }),
      },
    },
    async () => null,
  );
  const { handlers } = node;
  world.network.listen(wsUrl, {
    process,
    handlers,
    maxBacklogBytes: LIMITS.maxSocketBacklogBytes,
    slowConsumerCode: CLOSE_CODES.slow_consumer,
  });
  const deliver = (deliveries: Parameters<typeof node.deliver>[0]) => {
    for (const { group, watch } of deliveries) {
      if (group === undefined || watch === undefined) continue;
      const key = `${runtime.nodeId} ${watch.messageId}`;
      world.forwards.set(key, (world.forwards.get(key) ?? 0) + 1);
    }
    return node.deliver(deliveries);
  };
  world.peers.listen(place, { process, nodeId: runtime.nodeId, deliver });
  void node.start();
  const drain = async () => {
    world.network.stopListening(wsUrl);
    await node[Symbol.asyncDispose]();
  };
  return { process, reach, bus, drain };
};

export const startBusiness: StartServer = (world, place, run) => {
  const { process, reach, bus, ports, runtime } = processAt(world, place, run);
  const business = new Business({
    runtime: { ...runtime, metrics: { event() {}, stored() {}, duplicate() {}, receipt() {}, dropped() {} } },
    engines: ports,
    peers: world.peers.linkFrom(place, process),
    inboxRetentionMs: 30 * DAY_MS,
    lately: latelyAt(world, place),
  });
  return { process, reach, bus, drain: () => business[Symbol.asyncDispose]() };
};

export const startDataSync: StartServer = (world, place, run) => {
  const { process, reach, bus, ports, runtime } = processAt(world, place, run);
  const datasync = new DataSync({
    runtime: { ...runtime, metrics: silentMetrics },
    engines: ports,
    lately: latelyAt(world, place),
  });
  return { process, reach, bus, drain: () => datasync[Symbol.asyncDispose]() };
};

function latelyAt({ lately }: World, place: string): World['lately'] | undefined {
  return place === BUSINESS_PLACES[0] || place === DATASYNC_PLACES[0] ? lately : undefined;
}

/** The part of the HTTP API that serves unread counts: it fills the cache that Business updates. */
export function unreadApi(world: World): { count(user: string): void } {
  const { ports } = processAt(world, API_PLACE, 1);
  const stores = { conversations: ports.conversations, cache: ports.unreadCache };
  return { count: (user) => void readUnread(stores, user).catch(() => {}) };
}

export function urlOf(place: string): string {
  return `ws://${place}/ws`;
}
