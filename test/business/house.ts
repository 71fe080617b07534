import { Business, type BusinessOptions } from '@chasqui/app-business/core';
import { DataSync } from '@chasqui/app-datasync/core';
import { createManualClock } from '@chasqui/contracts';
import { type BusEvent, decodeEvents, encodeEvent, joinEvents, readUnread } from '@chasqui/core';
import {
  CONVERSATION_TOPIC,
  DEFAULT_LIMITS,
  defined,
  type GroupPlan,
  groupLog,
  HybridClock,
  type Limits,
  type NodeInfo,
  PUSH_TOPIC,
  type PushTask,
  SEARCH_TOPIC,
  SERVER_EVENT_TOPIC,
  type ServerEvent,
  type WebhookEndpoint,
} from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import {
  createMemoryBus,
  createMemoryConversations,
  createMemoryGroupNodes,
  createMemoryHolds,
  createMemoryMessages,
  createMemoryOfflineCache,
  createMemoryPresence,
  createMemorySearch,
  createMemoryServerEvents,
  createMemorySweeps,
  createMemoryUnreadCache,
} from '@chasqui/memory';
import type { BusPublication, Delivery, PeerLink } from '@chasqui/ports';
import type { ServerFrame } from '@chasqui/protocol';
import { silentMetrics } from '../simulation/silent-metrics.ts';
import { FaultyProcess } from './faulty-process.ts';

const FOR_EVER = 1e12;
/** Retention of inbox entries in these tests. */
export const RETENTION_MS = 3600 * 1000;

export const NODE: NodeInfo = {
  nodeId: 'connect-1',
  wsUrl: 'ws://connect-1/ws',
  peerAddress: 'connect-1',
  connections: 0,
  draining: false,
  startedAt: 0,
};

/** The actions of a Business process, for tests: none of them may throw. */
const metrics = { event() {}, stored() {}, duplicate() {}, receipt() {}, dropped() {} };

export interface Shown {
  userId: string;
  frame: ServerFrame;
  onlySession?: string;
}

const HOST_APPLICATION: WebhookEndpoint = {
  ...{ endpointId: 'we_1', url: 'https://example.org', description: '', createdAt: 0, disabled: null, version: 1 },
  types: [],
  secrets: [],
};

/** Everything that Business processes need, in memory and on a clock that the test advances. */
export class House implements AsyncDisposable {
  readonly clock = createManualClock();
  readonly ids = new HybridClock({ now: () => this.clock.now(), tag: 1 });
  readonly bus;
  readonly messages = createMemoryMessages();
  readonly search = createMemorySearch();
  readonly unreadCache = createMemoryUnreadCache();
  readonly offlineCache = createMemoryOfflineCache();
  readonly conversations;
  readonly conversationStates;
  readonly reactions;
  readonly groups;
  readonly logs;
  readonly presence;
  readonly groupNodes = createMemoryGroupNodes({ clock: this.clock });
  readonly hooks = createMemoryServerEvents();
  readonly holds = createMemoryHolds();
  readonly sweeps = createMemorySweeps();
  readonly registry;
  /** The frames that reached sockets, in order. */
  readonly shown: Shown[] = [];
  readonly pushTasks: PushTask[] = [];
  readonly plans: GroupPlan[] = [];
  /** What the host application is told; it wants all. */
  readonly told: ServerEvent[] = [];
  /** For processes that are started from now on. */
  limits: Limits = DEFAULT_LIMITS;
  /** The members of groups whom the nodes were told to look at anew. */
  readonly changes: { group: string; users: readonly string[] }[] = [];
  readonly #online = new Set<string>();
  readonly #processes = new Map<FaultyProcess, AsyncDisposable>();
  readonly #dataSync: DataSync;

  constructor({ shards = 1 } = {}) {
    const { clock, messages, search } = this;
    const bus = createMemoryBus({ clock, random: () => 0.5, shards, retentionMs: FOR_EVER });
    this.bus = bus;
    const ids = new HybridClock({ now: () => clock.now(), tag: 0xffff });
    const { conversations, conversationStates, reactions, groups, logs } = createMemoryConversations({ clock, ids });
    const { presence, nodes } = createMemoryPresence({ clock });
    this.conversations = conversations;
    this.conversationStates = conversationStates;
    this.reactions = reactions;
    this.groups = groups;
    this.logs = logs;
    this.presence = presence;
    this.registry = nodes;
    const runtime = { ...this.#runtime('datasync-1'), metrics: silentMetrics };
    this.#dataSync = new DataSync({ runtime, engines: { bus, messages, search } });
    void this.hooks.webhooks.put(HOST_APPLICATION);
    bus.consume({
      topic: SERVER_EVENT_TOPIC,
      group: 'test',
      handle: async (batch) => {
        this.told.push(...batch.flatMap(({ body }) => decodeEvents(body) as ServerEvent[]));
      },
    });
    bus.consume({
      topic: PUSH_TOPIC,
      group: 'test',
      handle: async (batch) => {
        for (const event of batch.flatMap(({ body }) => decodeEvents(body) as (PushTask | GroupPlan)[])) {
          if ('type' in event) this.plans.push(event);
          else this.pushTasks.push(event);
        }
      },
    });
  }

  /** Starts a Business process, of this version or another. Its consumer stops when the process dies or freezes. */
  start(
    process = new FaultyProcess(),
    begin: (options: BusinessOptions) => AsyncDisposable = (options) => new Business(options),
  ): FaultyProcess {
    const connection = this.bus.connect();
    process.onSilence = () => connection.kill();
    const business = begin({
      runtime: { ...this.#runtime(`business-${this.#processes.size + 1}`), metrics },
      engines: {
        bus: process.port('bus', { ...this.bus, consume: connection.consume }, ['consume', 'shards']),
        conversations: process.port('conversations', this.conversations),
        reactions: process.port('reactions', this.reactions),
        groups: process.port('groups', this.groups),
        logs: process.port('logs', this.logs, ['trim']),
        messages: process.port('messages', this.messages),
        unreadCache: process.port('unreadCache', this.unreadCache),
        offlineCache: process.port('offlineCache', this.offlineCache),
        presence: process.port('presence', this.presence),
        nodes: process.port('registry', this.registry, ['renew', 'live']),
        groupNodes: process.port('groupNodes', this.groupNodes),
        holds: process.port('holds', this.holds),
        sweeps: process.port('sweeps', this.sweeps),
        ...this.hooks,
      },
      peers: process.port('peers', this.#peers()),
      inboxRetentionMs: RETENTION_MS,
    });
    this.#processes.set(process, business);
    return process;
  }

  /** Connects the user's phone to the one node; it accepts every delivery. */
  async connect(...userIds: string[]): Promise<void> {
    await this.registry.renew(NODE, FOR_EVER);
    for (const userId of userIds) {
      this.#online.add(userId);
      const entry = { userId, deviceId: 'phone', sessionId: sessionOf(userId), nodeId: NODE.nodeId };
      await this.presence.register({ ...entry, platform: 'test', since: 0 });
    }
  }

  /** Publishes events as given; a string is published unchanged. */
  publish(events: readonly (BusEvent | string)[], delivery: Partial<BusPublication> = {}): Promise<void> {
    const body = joinEvents(events.map((event) => (typeof event === 'string' ? event : encodeEvent(event))));
    return this.bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body, ...delivery });
  }

  /** Advances time until no topic has a backlog. */
  async quiet(): Promise<void> {
    for (let round = 0; round < 100; round++) {
      await this.clock.advance(1_000);
      const lags = await Promise.all([
        this.bus.lag(CONVERSATION_TOPIC, 'business'),
        this.bus.lag(SEARCH_TOPIC, 'datasync'),
        this.bus.lag(PUSH_TOPIC, 'test'),
        this.bus.lag(SERVER_EVENT_TOPIC, 'test'),
      ]);
      if (lags.flat().length === 0) return;
    }
    throw new Error('the bus does not become quiet');
  }

  /** Fills the unread cache, as the API does when a user reads their counts. */
  async look(...userIds: string[]): Promise<void> {
    for (const userId of userIds)
      await readUnread({ conversations: this.conversations, cache: this.unreadCache }, userId);
  }

  /** As SIGTERM: the process shuts down in order. */
  async stop(process: FaultyProcess): Promise<void> {
    await this.#processes.get(process)?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dataSync[Symbol.asyncDispose]();
  }

  #runtime(nodeId: string) {
    return { nodeId, clock: this.clock, random: () => 0.5, limits: this.limits, logger: silentLogger };
  }

  #peers(): PeerLink {
    return {
      deliver: async (_node, deliveries) => deliveries.map((delivery) => this.#show(delivery)),
      async [Symbol.asyncDispose]() {},
    };
  }

  /** The node wants what is for the group: it is shown as to a user with the id of the group's log. */
  async subscribe(group: string): Promise<void> {
    await this.groupNodes.subscribe(NODE.nodeId, [group]);
  }

  #show({ userId, frame, onlySession, exceptSession, group, membersChanged: users }: Delivery): number {
    if (group !== undefined) {
      if (users !== undefined) this.changes.push({ group, users });
      else this.shown.push({ userId: groupLog(group), frame: JSON.parse(frame) });
      return 1;
    }
    const session = sessionOf(userId);
    if (!this.#online.has(userId) || exceptSession === session) return 0;
    if (onlySession !== undefined && onlySession !== session) return 0;
    this.shown.push({ userId, frame: JSON.parse(frame), ...defined({ onlySession }) });
    return 1;
  }
}

export function sessionOf(userId: string): string {
  return `session-${userId}`;
}
